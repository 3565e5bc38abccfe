-- One row per admitted spell, role and stretch of days: `all` is the spell whole, the others are cut
-- where the label of the posting changes. Slices: the source and country of the opening. The tables
-- count those that are is_counted, the index each board's own.
with places as (
    select
        openings.opening_key,
        openings.employer_key,
        boards.source,
        coalesce(contents.country_code, boards.country_code, 'unknown') as country_code
    from core.openings as openings
    join core.spells as spells on openings.lead_spell_key = spells.spell_key
    join core.boards as boards using (board_key)
    join core.contents as contents on spells.first_content_hash = contents.content_hash
),

admitted as (
    select
        spells.spell_key,
        spells.posting_key,
        spells.board_key,
        members.opening_key,
        places.employer_key,
        places.source,
        places.country_code,
        spells.from_date,
        spells.to_date,
        spells.start_reason,
        spells.end_reason,
        members.is_counted
    from core.spells as spells
    join core.opening_spells as members using (spell_key)
    join places using (opening_key)
    where members.is_admitted
)

select
    admitted.* exclude (posting_key),
    'all' as role_id
from admitted
union all
select
    admitted.spell_key,
    admitted.board_key,
    admitted.opening_key,
    admitted.employer_key,
    admitted.source,
    admitted.country_code,
    greatest(admitted.from_date, labels.from_date) as from_date,
    least(admitted.to_date, labels.until_date) as to_date,
    case when labels.from_date <= admitted.from_date then admitted.start_reason end as start_reason,
    case when labels.until_date >= admitted.to_date then admitted.end_reason end as end_reason,
    admitted.is_counted,
    labels.role_id
from admitted
join core.labels as labels
    on admitted.posting_key = labels.posting_key
    and labels.from_date < admitted.to_date
    and labels.until_date > admitted.from_date

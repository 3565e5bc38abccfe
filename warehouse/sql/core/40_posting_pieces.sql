-- One row per counted spell, role and stretch of days: `all` is the spell whole, the others are cut
-- where the label of the posting changes. Slices: the source and country of the opening.
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

counted as (
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
        spells.end_reason
    from core.spells as spells
    join core.opening_spells as members using (spell_key)
    join places using (opening_key)
    where members.is_counted
)

select
    counted.* exclude (posting_key),
    'all' as role_id
from counted
union all
select
    counted.spell_key,
    counted.board_key,
    counted.opening_key,
    counted.employer_key,
    counted.source,
    counted.country_code,
    greatest(counted.from_date, labels.from_date) as from_date,
    least(counted.to_date, labels.until_date) as to_date,
    case when labels.from_date <= counted.from_date then counted.start_reason end as start_reason,
    case when labels.until_date >= counted.to_date then counted.end_reason end as end_reason,
    labels.role_id
from counted
join core.labels as labels
    on counted.posting_key = labels.posting_key
    and labels.from_date < counted.to_date
    and labels.until_date > counted.from_date

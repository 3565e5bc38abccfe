-- One row per opening: the postings of one employer for one title and place, joined into one spell.
with roles as (
    select opening_key, list(distinct role_id order by role_id) as role_ids
    from core.opening_pieces
    where role_id <> 'all'
    group by opening_key
)

select
    opening_ids.opening_id,
    boards.source,
    boards.board,
    postings.posting_id,
    coalesce(boards.employer, contents.employer_text) as employer,
    openings.employer_key,
    contents.title,
    left(contents.location, 100) as location,
    coalesce(contents.country_code, boards.country_code) as country_code,
    coalesce(roles.role_ids, []) as role_ids,
    openings.first_seen_date,
    openings.last_seen_date,
    case when openings.end_reason = 'closed' then openings.to_date end as closed_date,
    openings.to_date = date 'infinity' as is_active,
    openings.is_counted,
    coalesce(nullif(openings.to_date, date 'infinity'), clock.as_of_date) - openings.first_seen_date as open_days,
    case
        when not openings.is_baseline then 0
        when openings.first_seen_date - postings.first_posted_date between 0 and 365
            then openings.first_seen_date - postings.first_posted_date
    end as entry_days,
    openings.postings,
    openings.boards,
    openings.reposts,
    coalesce(nullif(openings.to_date, date 'infinity'), clock.as_of_date) - openings.first_seen_date
    >= rules.stale_days as is_stale,
    openings.is_evergreen,
    openings.is_often_reposted
from core.openings as openings
join core.opening_ids as opening_ids using (opening_key)
join core.spells as lead_spells on openings.lead_spell_key = lead_spells.spell_key
join core.boards as boards on lead_spells.board_key = boards.board_key
join core.contents as contents on lead_spells.first_content_hash = contents.content_hash
join (
    select
        posting_key,
        any_value(posting_id) as posting_id,
        arg_min(posted_date, from_date) as first_posted_date
    from core.observations
    group by posting_key
) as postings on lead_spells.posting_key = postings.posting_key
cross join core.clock as clock
cross join core.rules as rules
left join roles on openings.opening_key = roles.opening_key
order by lead_spells.spell_key

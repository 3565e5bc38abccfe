-- One row per posting: as its source last had it, and how long we saw it.
with newest as (
    select
        posting_key,
        any_value(board_key) as board_key,
        any_value(posting_id) as posting_id,
        arg_max(content_hash, from_date) as content_hash,
        arg_max_null(url, from_date) as url,
        arg_max_null(requisition_id, from_date) as requisition_id,
        arg_max_null(posted_date, from_date) as posted_date,
        arg_max_null(valid_through_date, from_date) as valid_through_date,
        min(from_date) as first_seen_date,
        max(from_date) as last_change_date,
        bool_or(until_date is null and is_listed) as is_listed
    from core.observations
    group by posting_key
),

listings as (
    select board_key, max(last_date) as last_listing_date
    from core.listing_runs
    group by board_key
),

spells as (
    select
        posting_key,
        count(*) as spells,
        arg_max(last_seen_date, from_date) as last_seen_date,
        arg_max_null(closed_date, from_date) as closed_date,
        arg_max_null(unconfirmed_absence_date, from_date) as unconfirmed_absence_date,
        arg_max_null(exit_date, from_date) as panel_exit_date,
        arg_max(to_date, from_date) = date 'infinity' as is_active,
        arg_max(unconfirmed_absence_date is not null and to_date = date 'infinity', from_date) as is_provisional,
        arg_min(start_reason, from_date) = 'entry' as is_baseline,
        arg_max(spell_key, from_date) as spell_key
    from core.spells
    group by posting_key
)

select
    boards.source,
    boards.board,
    newest.posting_id,
    boards.kind,
    boards.country_code as board_country_code,
    coalesce(boards.employer, contents.employer_text) as employer,
    contents.title,
    contents.language,
    left(contents.location, 100) as location,
    contents.country_code,
    contents.is_remote,
    contents.employment_type,
    contents.salary_min,
    contents.salary_max,
    contents.salary_currency,
    contents.salary_period,
    contents.team_size_min,
    contents.team_size_max,
    coalesce(contents.is_grade, false) as is_grade,
    coalesce(contents.is_candidate, false) as is_candidate,
    newest.url,
    newest.requisition_id,
    newest.posted_date,
    newest.valid_through_date,
    newest.first_seen_date,
    coalesce(
        spells.last_seen_date,
        case when newest.is_listed then listings.last_listing_date else newest.first_seen_date end
    ) as last_seen_date,
    spells.unconfirmed_absence_date,
    spells.closed_date,
    spells.panel_exit_date,
    coalesce(spells.is_active, false) as is_active,
    coalesce(spells.is_provisional, false) as is_provisional,
    coalesce(spells.is_baseline, false) as is_baseline,
    coalesce(spells.is_active and newest.valid_through_date < clock.as_of_date, false)
        as is_past_valid_through,
    newest.first_seen_date - newest.posted_date as posted_lag_days,
    coalesce(spells.spells, 0) as spells,
    opening_ids.opening_id
from newest
join core.boards as boards using (board_key)
join core.contents as contents using (content_hash)
cross join core.clock as clock
left join listings using (board_key)
left join spells using (posting_key)
left join core.opening_spells as members on spells.spell_key = members.spell_key
left join core.opening_ids as opening_ids using (opening_key)
order by newest.posting_key

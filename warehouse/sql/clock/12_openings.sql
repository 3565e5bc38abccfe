-- Openings that stay open are a night older.
update openings
set
    last_seen_date = greatest(openings.last_seen_date, standing.last_seen_date),
    open_days = case when openings.is_active then standing.open_days else openings.open_days end,
    is_stale = case when openings.is_active then standing.open_days >= standing.stale_days else openings.is_stale end
from (
    select
        seen.opening_id,
        max(postings.last_seen_date) as last_seen_date,
        any_value(clock.as_of_date - seen.first_seen_date) as open_days,
        any_value(rules.stale_days) as stale_days
    from openings as seen
    left join postings on seen.opening_id = postings.opening_id and postings.is_active
    cross join core.clock as clock
    cross join core.rules as rules
    where seen.is_active or postings.is_active
    group by seen.opening_id
) as standing
where openings.opening_id = standing.opening_id

-- One row per opening of a role: its age when it closed or when we last knew it open, and its age when
-- we began to watch. What Kaplan-Meier takes (method 2.7); never average it, open ones are censored.
-- Without openings that were there when we came and whose source doesn't say since when.
(role) as table
select
    openings.opening_id,
    openings.employer_key,
    openings.entry_days,
    case
        when openings.closed_date is null
            then openings.entry_days + openings.open_days
        else openings.entry_days + (openings.last_seen_date - openings.first_seen_date + openings.open_days) / 2
    end as age_days,
    openings.closed_date is not null as is_closed,
    coalesce(openings.closed_date - openings.last_seen_date, 0) as width_days,
    openings.is_stale or openings.is_evergreen or openings.is_often_reposted as is_flagged
from openings
where openings.is_counted and list_contains(openings.role_ids, role) and openings.entry_days is not null
order by openings.opening_id

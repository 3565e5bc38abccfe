-- How long are openings open that we saw both open and close? (Biased short: those still open are left out.)
select role_id, count(*) as closed_openings, median(open_days) as median_open_days
from (
    select opening_id, open_days, unnest(role_ids) as role_id
    from openings
    where closed_date is not null
)
where role_id in (select role_id from roles)
group by role_id
order by closed_openings desc, role_id

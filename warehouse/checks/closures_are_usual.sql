-- No more openings closed on the newest night than three times what a night of the month before saw, or than ten.
with nights as (
    select day, closed_openings
    from role_demand_daily
    where role_id = 'all' and source = 'all' and country_code = 'all'
),

usual as (
    select median(closed_openings) as closed_openings
    from nights
    where day < (select max(day) from nights) and day >= (select max(day) from nights) - 28
    having count(*) >= 7
)

select nights.day, nights.closed_openings, usual.closed_openings as usually_closed
from nights
cross join usual
where nights.day = (select max(day) from nights)
    and nights.closed_openings > greatest(10, 3 * usual.closed_openings)

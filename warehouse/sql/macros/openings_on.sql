-- The openings that were open on a day and count, whatever became of them since.
(on_date) as table
select openings.*
from openings
join opening_roles
    on openings.opening_id = opening_roles.opening_id
    and opening_roles.role_id = 'all'
    and opening_roles.from_date <= cast(on_date as date)
    and coalesce(opening_roles.until_date, date 'infinity') > cast(on_date as date)
order by openings.first_seen_date, openings.opening_id

-- The openings that were open on a day and count, whatever became of them since.
(on_date) as table
select openings.*
from openings
join opening_roles
    on openings.opening_id = opening_roles.opening_id
    and opening_roles.role_id = 'all'
    and opening_roles.from_date <= cast(on_date as date)
    and (opening_roles.until_date is null or opening_roles.until_date > cast(on_date as date))

-- On which weekday do new openings appear?
select isodow(day) as weekday, sum(new_openings) as new_openings
from role_demand_daily
where role_id = 'all' and source = 'all' and country_code = 'all'
group by weekday
order by weekday

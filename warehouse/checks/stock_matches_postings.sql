-- The newest stock is the number of openings that are active and counted.
select about.as_of_date, coalesce(max(demand.active_openings), 0) as active_openings, max(openings.active) as counted
from about
left join role_demand_daily as demand
    on about.as_of_date = demand.day
    and demand.role_id = 'all'
    and demand.source = 'all'
    and demand.country_code = 'all'
cross join (select count(*) filter (where is_active and is_counted) as active from openings) as openings
group by about.as_of_date
having coalesce(max(demand.active_openings), 0) <> max(openings.active)

-- How much of the stock is talent pools, stale or reposted time and again?
select month, active_openings, unflagged_openings, active_openings - unflagged_openings as flagged_openings
from role_demand_monthly
where role_id = 'all' and kind = 'stock' and source = 'all' and country_code = 'all'
order by month

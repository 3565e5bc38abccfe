-- How does the demand for VPs of Engineering move by month?
select month, active_openings, employers_hiring, new_openings, closed_openings, share_per_10000, boards_observed, is_provisional
from role_demand_monthly
where role_id = 'vp_engineering' and kind = 'stock' and source = 'all' and country_code = 'all'
order by month

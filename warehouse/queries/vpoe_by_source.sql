-- Which hiring systems do the VPoE openings of tonight come from?
select source, active_openings, employers_hiring, boards_observed, boards_in_panel
from role_demand_daily
where role_id = 'vp_engineering' and day = (select as_of_date from about) and source <> 'all' and country_code = 'all'
order by active_openings desc, source

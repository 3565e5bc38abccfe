-- In which countries are VPs of Engineering wanted tonight?
select country_code, active_openings, employers_hiring, share_per_10000
from role_demand_daily
where role_id = 'vp_engineering' and day = (select as_of_date from about) and source = 'all' and country_code <> 'all'
order by active_openings desc, country_code

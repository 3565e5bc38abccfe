-- How many posts of each monthly thread hire a VP of Engineering, and out of how many?
select month, new_postings, all_new_postings, share_per_10000, employers_hiring
from role_demand_monthly
where role_id = 'vp_engineering' and kind = 'flow' and source = 'hackernews' and country_code = 'all'
order by month

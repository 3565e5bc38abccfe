-- How often do the new postings of each month name a skill, here Kubernetes?
select month, new_postings, role_new_postings, skill_share
from skill_demand_monthly
where skill_id = 'kubernetes' and role_id = 'all' and kind = 'stock'
order by month

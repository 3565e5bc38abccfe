-- How old were VPoE openings when they closed, and how many are still open at that age?
select is_closed, count(*) as openings, median(age_days) as median_age_days, max(age_days) as max_age_days
from days_open('vp_engineering')
group by is_closed
order by is_closed

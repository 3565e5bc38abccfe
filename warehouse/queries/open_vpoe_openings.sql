-- Which VPoE openings are open tonight, and since when have we seen them?
select opening_id, employer, title, location, country_code, first_seen_date, open_days, reposts
from openings
where is_active and is_counted and list_contains(role_ids, 'vp_engineering')
order by first_seen_date, opening_id

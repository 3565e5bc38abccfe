-- Which VPoE openings were open a week before the newest night?
select opening_id, employer, title, country_code, first_seen_date, closed_date
from openings_on((select as_of_date - 7 from about))
where list_contains(role_ids, 'vp_engineering')
order by first_seen_date, opening_id
limit 20

-- Which employers have a VPoE opening now, and on how many boards?
select employer, count(*) as openings, max(boards) as boards, min(first_seen_date) as since
from openings
where is_active and is_counted and list_contains(role_ids, 'vp_engineering')
group by employer
order by openings desc, employer
limit 20

-- Which openings were posted again and again?
select employer, title, location, reposts, postings, first_seen_date, last_seen_date
from openings
where reposts >= 1
order by reposts desc, opening_id
limit 20

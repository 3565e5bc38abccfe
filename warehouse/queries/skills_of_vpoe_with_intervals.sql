-- Which skills do VPoE postings name, and how sure is that?
select skill_id, postings, role_postings, skill_share, share_low, share_high, lift
from skills_of('vp_engineering')
order by postings desc, skill_id
limit 15

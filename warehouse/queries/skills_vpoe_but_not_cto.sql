-- Which skills set VPoE postings apart from CTO postings?
select mine.skill_id, mine.skill_share as vpoe_share, coalesce(other.skill_share, 0) as cto_share
from skills_of('vp_engineering') as mine
left join skills_of('cto') as other on mine.skill_id = other.skill_id
where mine.share_low > coalesce(other.share_high, 0)
order by vpoe_share - cto_share desc, mine.skill_id
limit 15

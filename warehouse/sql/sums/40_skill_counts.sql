-- New postings of a month by kind of source, role, employer and skill that they name; with no skill, all
-- of them.
select
    news.month,
    news.kind,
    news.role_id,
    null as skill_id,
    news.employer_key,
    count(*) as new_postings
from core.new_postings as news
group by all
union all
select news.month, news.kind, news.role_id, skills.skill_id, news.employer_key, count(*) as new_postings
from core.new_postings as news
join core.posting_skills as skills using (posting_key)
group by all

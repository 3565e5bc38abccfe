-- One row per month, kind of source, role and skill named by at least one new posting.
with totals as (
    select month, kind, role_id, count(*) as role_new_postings
    from core.new_postings
    group by all
)

select
    news.month,
    news.kind,
    news.role_id,
    skills.skill_id,
    cast(count(*) as integer) as new_postings,
    cast(count(distinct news.employer_key) as integer) as employers_hiring,
    cast(any_value(totals.role_new_postings) as integer) as role_new_postings,
    count(*) / any_value(totals.role_new_postings) as skill_share
from core.new_postings as news
join core.posting_skills as skills using (posting_key)
join totals using (month, kind, role_id)
group by news.month, news.kind, news.role_id, skills.skill_id
order by news.kind, news.role_id, skills.skill_id, news.month

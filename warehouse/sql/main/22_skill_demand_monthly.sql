-- One row per month, kind of source, role and skill named by at least one new posting.
with totals as (
    select month, kind, role_id, count(*) as role_new_postings
    from core.new_postings
    group by all
),

by_employer as (
    select news.month, news.kind, news.role_id, skills.skill_id, news.employer_key, count(*) as new_postings
    from core.new_postings as news
    join core.posting_skills as skills using (posting_key)
    group by all
)

select
    month,
    kind,
    role_id,
    by_employer.skill_id,
    cast(sum(by_employer.new_postings) as integer) as new_postings,
    cast(count(by_employer.employer_key) as integer) as employers_hiring,
    cast(any_value(totals.role_new_postings) as integer) as role_new_postings,
    sum(by_employer.new_postings) / any_value(totals.role_new_postings) as skill_share
from by_employer
join totals using (month, kind, role_id)
group by month, kind, role_id, by_employer.skill_id
order by kind, role_id, by_employer.skill_id, month

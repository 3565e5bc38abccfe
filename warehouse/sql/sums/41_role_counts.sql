-- Postings by kind of source, role and skill that their newest text names; with no skill, all of them.
with labelled as (
    select distinct labels.posting_key, newest.kind, labels.role_id
    from core.labels as labels
    join core.newest_contents as newest using (posting_key)
    where labels.until_date = date 'infinity'
    union all
    select posting_key, kind, 'all' as role_id
    from core.newest_contents
)

select kind, role_id, null as skill_id, count(*) as postings
from labelled
group by all
union all
select labelled.kind, labelled.role_id, skills.skill_id, count(*) as postings
from labelled
join core.posting_skills as skills using (posting_key)
group by all

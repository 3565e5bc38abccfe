-- One row per kind of source, role and skill over all postings ever seen with the role. `lift`: how
-- many times more often than among all postings.
with labelled as (
    select distinct labels.posting_key, newest.kind, labels.role_id
    from core.labels as labels
    join core.newest_contents as newest using (posting_key)
    where labels.until_date = date 'infinity'
    union all
    select posting_key, kind, 'all' as role_id
    from core.newest_contents
),

totals as (
    select kind, role_id, count(*) as role_postings
    from labelled
    group by all
),

pairs as (
    select labelled.kind, labelled.role_id, skills.skill_id, count(*) as postings
    from labelled
    join core.posting_skills as skills using (posting_key)
    group by labelled.kind, labelled.role_id, skills.skill_id
)

select
    pairs.kind,
    pairs.role_id,
    pairs.skill_id,
    cast(pairs.postings as integer) as postings,
    cast(totals.role_postings as integer) as role_postings,
    pairs.postings / totals.role_postings as skill_share,
    (pairs.postings / totals.role_postings) / (whole.postings / whole_totals.role_postings) as lift
from pairs
join totals using (kind, role_id)
join pairs as whole on pairs.kind = whole.kind and pairs.skill_id = whole.skill_id and whole.role_id = 'all'
join totals as whole_totals on pairs.kind = whole_totals.kind and whole_totals.role_id = 'all'
order by pairs.kind, pairs.role_id, pairs.postings desc, pairs.skill_id

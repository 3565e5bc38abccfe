-- Does one employer make the number? Top share and HHI of the active openings of a role.
with counts as (
    select role_id, employer_key, count(*) as openings
    from (select unnest(role_ids) as role_id, employer_key from openings where is_active and is_counted)
    group by role_id, employer_key
)

select
    role_id,
    sum(openings) as openings,
    max(openings) / sum(openings) as top_employer_share,
    sum(openings * openings) / (sum(openings) * sum(openings)) as hhi
from counts
group by role_id
order by openings desc, role_id
limit 15

-- Every role, group and skill in a table is one of the taxonomy.
select distinct 'role' as concept, role_id as id
from (select role_id from posting_roles union select role_id from role_demand_daily union select role_id from mentions)
where
    role_id <> 'all'
    and role_id not in (select role_id from roles)
    and role_id not in (select role_group_id from role_groups)
union all
select distinct 'skill' as concept, skill_id as id
from role_skills
where skill_id not in (select skill_id from skills)

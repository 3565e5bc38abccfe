-- The skills that postings of a role name, the most named first, with a 95 % interval of the share.
(role, of_kind := 'stock') as table
select
    skills.skill_id,
    skills.preferred_label_en,
    skills.preferred_label_ja,
    role_skills.postings,
    role_skills.role_postings,
    role_skills.skill_share,
    share_low(role_skills.postings, role_skills.role_postings) as share_low,
    share_high(role_skills.postings, role_skills.role_postings) as share_high,
    role_skills.lift
from role_skills
join skills using (skill_id)
where role_skills.role_id = role and role_skills.kind = of_kind
order by role_skills.postings desc, skills.skill_id

-- Which skills do VPoE postings name more often than others do?
select skills.preferred_label_en, role_skills.postings, role_skills.role_postings, role_skills.skill_share, role_skills.lift
from role_skills
join skills using (skill_id)
where role_skills.role_id = 'vp_engineering' and role_skills.kind = 'stock' and role_skills.postings >= 3
order by role_skills.lift desc, role_skills.skill_id
limit 30

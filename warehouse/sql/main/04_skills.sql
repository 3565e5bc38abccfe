-- One row per skill of the taxonomy.
select
    skill_id,
    preferred_label_en,
    preferred_label_ja,
    kind as skill_kind,
    nullif(broader_id, '') as broader_id
from core.taxonomy_skills
order by skill_id

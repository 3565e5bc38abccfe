-- One row per role of the taxonomy.
select
    role_id,
    preferred_label_en,
    preferred_label_ja,
    family,
    nullif(parent_id, '') as parent_id,
    level,
    definition_en,
    definition_ja
from core.taxonomy_roles
order by role_id

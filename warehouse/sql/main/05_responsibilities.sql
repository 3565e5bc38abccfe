-- One row per responsibility or leadership skill of the taxonomy.
select
    responsibility_id,
    kind as responsibility_kind,
    preferred_label_en,
    preferred_label_ja,
    definition_en,
    definition_ja
from core.taxonomy_responsibilities
order by responsibility_id

-- One row per posting and skill that its newest text names.
select distinct
    newest.posting_key,
    mentions.concept_id as skill_id
from core.newest_contents as newest
join core.mention_rows as mentions using (content_hash, extractor_version)
where mentions.concept = 'skill'

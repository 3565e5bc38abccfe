-- One row per place that names a role in the newest text of a posting, with the sentence around it.
select distinct
    newest.source,
    newest.board,
    newest.posting_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.concept_id as role_id,
    mentions.mention_kind,
    mentions.text,
    left(mentions.excerpt, 200) as excerpt
from core.newest_contents as newest
join core.mention_rows as mentions using (content_hash, extractor_version)
where mentions.concept = 'role'
order by all

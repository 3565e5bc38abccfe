-- One row per span that anything but a role was read from, in the newest text of a posting.
select
    newest.source,
    newest.board,
    newest.posting_id,
    mentions.concept,
    mentions.concept_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.mention_kind as detail,
    left(mentions.text, 200) as text
from core.newest_contents as newest
join core.mention_rows as mentions using (content_hash, extractor_version)
where mentions.concept <> 'role'
order by newest.posting_key, mentions.start_char

-- One row per posting with its newest content and the extraction of it that counts.
with newest as (
    select
        posting_key,
        any_value(board_key) as board_key,
        any_value(posting_id) as posting_id,
        arg_max(content_hash, from_date) as content_hash
    from core.observations
    group by posting_key
)

select
    newest.posting_key,
    boards.source,
    boards.board,
    boards.kind,
    newest.posting_id,
    newest.content_hash,
    contents.extractor_version
from newest
join core.boards as boards using (board_key)
join core.contents as contents using (content_hash)

-- One row per change of a posting, with the night of its next change (null: stands today).
select
    dense_rank() over (order by boards.board_key, observations.posting_id) as posting_key,
    boards.board_key,
    boards.kind,
    observations.posting_id,
    observations.crawl_date as from_date,
    lead(observations.crawl_date) over (
        partition by boards.board_key, observations.posting_id order by observations.crawl_date
    ) as until_date,
    observations.is_listed,
    observations.content_hash,
    observations.url,
    observations.requisition_id,
    observations.posted_date,
    observations.valid_through_date
from core.observation_rows as observations
join core.boards as boards using (source, board)

-- Postings that stay listed were seen again.
update postings
set
    last_seen_date = standing.last_listing_date,
    is_past_valid_through = coalesce(postings.valid_through_date < standing.as_of_date, false)
from (
    select seen.source, seen.board, seen.posting_id, listings.last_listing_date, clock.as_of_date
    from postings as seen
    anti join core.changed as changed using (source, board, posting_id)
    join (
        select boards.source, boards.board, max(runs.last_date) as last_listing_date
        from core.listing_runs as runs
        join core.boards as boards using (board_key)
        group by all
    ) as listings using (source, board)
    cross join core.clock as clock
    where seen.is_active
) as standing
where
    postings.source = standing.source
    and postings.board = standing.board
    and postings.posting_id = standing.posting_id

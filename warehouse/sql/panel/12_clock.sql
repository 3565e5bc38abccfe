-- One row: the first and the newest night of the store, and the first of a board with a stock. What
-- an archive captured long before is no night of ours.
select
    coalesce(
        min(snapshots.crawl_date) filter (where boards.kind <> 'aggregator'), min(snapshots.crawl_date)
    ) as first_date,
    max(snapshots.crawl_date) as as_of_date,
    min(snapshots.crawl_date) filter (where boards.kind = 'stock') as first_stock_date
from core.snapshots as snapshots
join core.boards as boards using (board_key)

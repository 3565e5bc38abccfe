-- One row per ok night of a board with a stock, numbered, with the spell in the panel it belongs to.
-- A spell ends when the board went without an ok night for longer than its state is carried, or was
-- gone in between; what it lists on its return enters the panel anew.
with nights as (
    select
        snapshots.board_key,
        snapshots.crawl_date,
        snapshots.effective_status,
        max(snapshots.crawl_date) filter (where snapshots.effective_status = 'gone')
            over (partition by snapshots.board_key order by snapshots.crawl_date) as last_gone_date
    from core.snapshots as snapshots
    join core.boards as boards using (board_key)
    where boards.kind = 'stock'
),

ok as (
    select
        board_key,
        crawl_date,
        last_gone_date,
        lag(crawl_date) over (partition by board_key order by crawl_date) as previous_date
    from nights
    where effective_status = 'ok'
)

select
    ok.board_key,
    ok.crawl_date,
    ok.previous_date,
    row_number() over (partition by ok.board_key order by ok.crawl_date) as night_number,
    sum(
        case
            when ok.crawl_date - ok.previous_date <= rules.carry_nights + 1
                and coalesce(ok.last_gone_date < ok.previous_date, true) then 0
            else 1
        end
    ) over (partition by ok.board_key order by ok.crawl_date) as panel_spell
from ok
cross join core.rules as rules

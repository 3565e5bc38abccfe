-- Boards whose past reads otherwise than it did, or whose nights to come do, and since which day: a
-- night that came late, a doubt that was settled, a board that came, left, returned or was described
-- anew, a night that was missed.
with panels as (
    select boards.source, boards.board, panels.panel_spell, panels.entry_date, panels.exit_date, panels.exit_reason
    from core.panels as panels
    join core.boards as boards using (board_key)
),

panels_before as (
    select boards.source, boards.board, panels.panel_spell, panels.entry_date, panels.exit_date, panels.exit_reason
    from core.before_panels as panels
    join core.before_boards as boards using (board_key)
),

gaps as (
    select boards.source, boards.board, gaps.gap_from, gaps.gap_until
    from core.gaps as gaps
    join core.boards as boards using (board_key)
),

gaps_before as (
    select boards.source, boards.board, gaps.gap_from, gaps.gap_until
    from core.before_gaps as gaps
    join core.before_boards as boards using (board_key)
),

doubts as (
    select boards.source, boards.board, snapshots.crawl_date, snapshots.effective_status
    from core.snapshots as snapshots
    join core.boards as boards using (board_key)
    cross join core.before_clock as clock
    where snapshots.status <> 'ok' and snapshots.crawl_date <= clock.as_of_date
),

doubts_before as (
    select boards.source, boards.board, snapshots.crawl_date, snapshots.effective_status
    from core.before_snapshots as snapshots
    join core.before_boards as boards using (board_key)
    where snapshots.status <> 'ok'
),

late_nights as (
    select source, board, crawl_date
    from core.new_snapshots
    cross join core.before_clock as clock
    where crawl_date <= clock.as_of_date
),

changes as (
    select source, board, entry_date as since from (from panels except from panels_before)
    union all
    select source, board, entry_date as since from (from panels_before except from panels)
    union all
    select source, board, gap_from as since from (from gaps except from gaps_before)
    union all
    select source, board, gap_from as since from (from gaps_before except from gaps)
    union all
    select source, board, crawl_date as since from (from doubts except from doubts_before)
    union all
    select source, board, crawl_date as since from late_nights
    union all
    select source, board, date '-infinity' as since from (
        select * exclude (board_key) from core.before_boards except select * exclude (board_key) from core.boards
    )
)

select source, board, min(since) as since
from changes
group by all

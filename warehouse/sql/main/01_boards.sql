-- One row per board: who, how found, and where it stands in the panel.
with newest as (
    select
        board_key,
        max(crawl_date) as newest_crawl_date,
        arg_max(effective_status, crawl_date) as newest_status,
        count(*) as nights,
        count(*) filter (where effective_status = 'ok') as ok_nights
    from core.snapshots
    group by board_key
),

panels as (
    select
        board_key,
        min(entry_date) as panel_entry_date,
        max(last_ok_date) as last_ok_date,
        arg_max_null(exit_date, entry_date) as panel_exit_date,
        arg_max_null(exit_reason, entry_date) as panel_exit_reason
    from core.panels
    group by board_key
)

select
    boards.source,
    boards.board,
    boards.employer,
    boards.country_code,
    boards.kind,
    boards.thread_month,
    boards.is_direct,
    boards.discovery_reason,
    boards.closes_after,
    boards.added_date,
    boards.retired_date,
    panels.panel_entry_date,
    panels.last_ok_date,
    panels.panel_exit_date,
    panels.panel_exit_reason,
    newest.newest_crawl_date,
    newest.newest_status,
    coalesce(newest.nights, 0) as nights,
    coalesce(newest.ok_nights, 0) as ok_nights
from core.boards as boards
left join newest using (board_key)
left join panels using (board_key)
order by boards.source, boards.board

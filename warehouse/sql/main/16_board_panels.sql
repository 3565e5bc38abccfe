-- One row per board and stay in the panel: what a matched panel is chosen from.
select
    boards.source,
    boards.board,
    panels.entry_date as panel_entry_date,
    panels.last_ok_date,
    panels.exit_date as panel_exit_date,
    panels.exit_reason as panel_exit_reason
from core.panels as panels
join core.boards as boards using (board_key)
order by panels.board_key, panels.entry_date

-- One row per board and stretch of nights in the panel on which its last state is carried.
select
    boards.source,
    boards.board,
    gaps.gap_from as from_date,
    gaps.gap_until as until_date
from core.gaps as gaps
join core.boards as boards using (board_key)
order by gaps.board_key, gaps.gap_from

-- One row per board and stretch of nights in the panel on which its last state is carried.
select
    boards.source,
    boards.board,
    gaps.gap_from as from_date,
    least(gaps.gap_until, clock.as_of_date + 1) as until_date
from core.gaps as gaps
cross join core.clock as clock
join core.boards as boards using (board_key)
order by gaps.board_key, gaps.gap_from

-- One row per board that was ever planned. A board of one employer is direct; a board that carries
-- several employers is not, and gives way to the employer's own (method 2.2).
select
    row_number() over (order by boards.source, boards.board) as board_key,
    boards.source,
    boards.board,
    boards.employer,
    boards.country_code,
    boards.kind,
    boards.closes_after,
    boards.discovery_reason,
    boards.added_date,
    boards.retired_date,
    boards.employer is not null as is_direct,
    -- null for the row of the registry that a flow's threads come from
    case when boards.kind = 'flow' then try_cast(boards.board || '-01' as date) end as thread_month
from store.raw.boards as boards

-- One row per stretch of days in a row on which a board with a stock was seen whole, with the spell in
-- the panel it belongs to. `nights_before`: ok nights of the board before it. A spell ends when the
-- board went without an ok night for longer than its state is carried, or was gone in between; what it
-- lists on its return enters the panel anew.
with runs as (
    select
        stretches.board_key,
        stretches.from_date,
        stretches.last_date,
        lag(stretches.last_date) over so_far as previous_date,
        coalesce(
            sum(stretches.last_date - stretches.from_date + 1) over (
                so_far rows between unbounded preceding and 1 preceding
            ),
            0
        ) as nights_before
    from core.stretches as stretches
    join core.boards as boards using (board_key)
    where boards.kind = 'stock' and stretches.effective_status = 'ok'
    window so_far as (partition by stretches.board_key order by stretches.from_date)
),

gone as (
    select board_key, from_date as gone_date, last_date from core.stretches where effective_status = 'gone'
)

select
    runs.board_key,
    runs.from_date,
    runs.last_date,
    runs.nights_before,
    runs.previous_date,
    sum(
        case
            when runs.from_date - runs.previous_date <= rules.carry_nights + 1
                and coalesce(gone.last_date < runs.previous_date, true) then 0
            else 1
        end
    ) over (partition by runs.board_key order by runs.from_date) as panel_spell
from runs
cross join core.rules as rules
asof left join gone on runs.board_key = gone.board_key and runs.from_date >= gone.gone_date

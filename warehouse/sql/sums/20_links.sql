-- One row per length of period, slice, role and period: the openings of the matched boards in it and in
-- the period that each board is measured against (method 2.3). No row where both are zero.
with sides as (
    select
        matched.doubling,
        matched.period,
        stocks.board_key,
        stocks.role_id,
        stocks.country_code,
        stocks.open_days as matched_days,
        stocks.new_openings as matched_new_openings,
        0 as matched_days_before,
        0 as matched_new_openings_before
    from core.board_periods as matched
    join core.board_stocks as stocks using (doubling, board_key, period)
    where matched.previous_period is not null
    union all
    select
        matched.doubling,
        matched.period,
        stocks.board_key,
        stocks.role_id,
        stocks.country_code,
        0 as matched_days,
        0 as matched_new_openings,
        stocks.open_days as matched_days_before,
        stocks.new_openings as matched_new_openings_before
    from core.board_periods as matched
    join core.board_stocks as stocks
        on matched.doubling = stocks.doubling
        and matched.board_key = stocks.board_key
        and matched.previous_period = stocks.period
)

select
    sides.doubling,
    sides.period,
    sides.role_id,
    coalesce(boards.source, 'all') as source,
    coalesce(sides.country_code, 'all') as country_code,
    sum(sides.matched_days) as matched_days,
    sum(sides.matched_days_before) as matched_days_before,
    sum(sides.matched_new_openings) as matched_new_openings,
    sum(sides.matched_new_openings_before) as matched_new_openings_before
from sides
join core.boards as boards using (board_key)
group by sides.doubling, sides.period, sides.role_id, cube (boards.source, sides.country_code)

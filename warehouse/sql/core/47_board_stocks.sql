-- One row per length of period, board, period, role and country: the openings that the board showed,
-- in days, and those new in the period.
with days as (
    select
        pieces.board_key,
        pieces.role_id,
        pieces.country_code,
        pieces.from_date - clock.first_stock_date as from_day,
        least(pieces.to_date, clock.as_of_date + 1) - clock.first_stock_date as until_day,
        pieces.is_new,
        rules.index_period_days as period_days
    from core.board_pieces as pieces
    cross join core.clock as clock
    cross join core.rules as rules
),

short_periods as (
    select *, unnest(range(from_day // period_days, (until_day - 1) // period_days + 1)) as period
    from days
),

short_stocks as (
    select
        board_key,
        role_id,
        country_code,
        period,
        sum(least(until_day, (period + 1) * period_days) - greatest(from_day, period * period_days)) as open_days,
        count(*) filter (where is_new and from_day // period_days = period) as new_openings
    from short_periods
    group by all
)

select
    doublings.doubling,
    stocks.board_key,
    stocks.role_id,
    stocks.country_code,
    stocks.period >> doublings.doubling as period,
    sum(stocks.open_days) as open_days,
    sum(stocks.new_openings) as new_openings
from short_stocks as stocks
cross join core.rules as rules
cross join range(rules.index_doublings) as doublings (doubling)
group by all

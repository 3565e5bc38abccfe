-- One row per length of period, board and period in which it may be matched: in the panel from the
-- period's first night to its last, and seen whole on enough of them. `previous_period` is the last
-- one before, which the board's growth is measured against; null for its first.
with lengths as (
    select
        doubling,
        cast(rules.index_period_days << doubling as integer) as period_days,
        clock.first_stock_date as first_date,
        (clock.as_of_date + 1 - clock.first_stock_date) // (rules.index_period_days << doubling) as periods,
        rules.index_ok_share
    from core.rules as rules
    cross join core.clock as clock
    cross join range(rules.index_doublings) as doublings (doubling)
),

ok_counts as (
    select
        board_key,
        (nights.crawl_date - clock.first_stock_date) // rules.index_period_days as short_period,
        count(*) as ok_nights
    from core.ok_nights as nights
    cross join core.clock as clock
    cross join core.rules as rules
    group by all
),

ok_shares as (
    select
        lengths.doubling,
        ok_counts.board_key,
        ok_counts.short_period >> lengths.doubling as period,
        sum(ok_counts.ok_nights) / any_value(lengths.period_days) as ok_share
    from ok_counts
    cross join lengths
    group by all
)

select
    lengths.doubling,
    lengths.period_days,
    ok_shares.board_key,
    ok_shares.period,
    lag(ok_shares.period) over (
        partition by lengths.doubling, ok_shares.board_key order by ok_shares.period
    ) as previous_period
from ok_shares
join lengths using (doubling)
join core.panels as panels
    on ok_shares.board_key = panels.board_key
    and panels.entry_date <= lengths.first_date + cast(ok_shares.period * lengths.period_days as integer)
    and coalesce(panels.exit_date, date 'infinity')
    >= lengths.first_date + cast((ok_shares.period + 1) * lengths.period_days as integer)
where ok_shares.period < lengths.periods and ok_shares.ok_share >= lengths.index_ok_share

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

runs as (
    select
        runs.board_key,
        runs.from_date - clock.first_stock_date as from_day,
        runs.last_date + 1 - clock.first_stock_date as until_day,
        rules.index_period_days as period_days
    from core.ok_runs as runs
    cross join core.clock as clock
    cross join core.rules as rules
),

run_periods as (
    select *, unnest(range(from_day // period_days, (until_day - 1) // period_days + 1)) as short_period
    from runs
),

ok_counts as (
    select
        board_key,
        short_period,
        sum(
            least(until_day, (short_period + 1) * period_days) - greatest(from_day, short_period * period_days)
        ) as ok_nights
    from run_periods
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

-- One row per night (nights without a crawl included) and source, or `all`: how many boards with a
-- stock were seen whole, and how many were in the panel.
with entries as (
    select boards.source, unnest([panels.entry_date, panels.exit_date]) as day, unnest([1, -1]) as boards
    from core.panels as panels
    join core.boards as boards using (board_key)
),

entry_days as (
    select day, coalesce(source, 'all') as source, sum(boards) as boards
    from entries
    where day is not null
    group by day, cube (source)
),

oks as (
    select boards.source, unnest([runs.from_date, runs.last_date + 1]) as day, unnest([1, -1]) as boards
    from core.ok_runs as runs
    join core.boards as boards using (board_key)
),

ok_days as (
    select day, coalesce(source, 'all') as source, sum(boards) as boards
    from oks
    group by day, cube (source)
),

days as (
    select
        sources.source,
        cast(unnest(generate_series(clock.first_stock_date, clock.as_of_date, interval 1 day)) as date) as day
    from (select distinct source from entry_days) as sources
    cross join core.clock as clock
)

select
    days.day,
    days.source,
    sum(coalesce(ok_days.boards, 0)) over so_far as boards_observed,
    sum(coalesce(entry_days.boards, 0)) over so_far as boards_in_panel
from days
left join entry_days using (day, source)
left join ok_days using (day, source)
window so_far as (partition by days.source order by days.day)

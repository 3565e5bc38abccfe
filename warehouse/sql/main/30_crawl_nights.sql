-- One row per night since the first, nights without a crawl included.
with statuses as (
    select
        crawl_date,
        count(*) as boards,
        count(*) filter (where effective_status = 'ok') as ok_boards,
        count(*) filter (where effective_status = 'partial') as partial_boards,
        count(*) filter (where effective_status = 'suspect') as suspect_boards,
        count(*) filter (where effective_status = 'failed') as failed_boards,
        count(*) filter (where effective_status = 'gone') as gone_boards,
        count(*) filter (where status = 'suspect' and effective_status = 'ok') as confirmed_boards
    from core.snapshots
    group by crawl_date
),

days as (
    select cast(unnest(generate_series(first_date, as_of_date, interval 1 day)) as date) as crawl_date
    from core.clock
)

select
    days.crawl_date,
    statuses.crawl_date is not null as is_crawled,
    crawls.planned_boards,
    cast(coalesce(statuses.boards, 0) as integer) as boards,
    cast(coalesce(statuses.ok_boards, 0) as integer) as ok_boards,
    cast(coalesce(statuses.partial_boards, 0) as integer) as partial_boards,
    cast(coalesce(statuses.suspect_boards, 0) as integer) as suspect_boards,
    cast(coalesce(statuses.failed_boards, 0) as integer) as failed_boards,
    cast(coalesce(statuses.gone_boards, 0) as integer) as gone_boards,
    cast(coalesce(statuses.confirmed_boards, 0) as integer) as confirmed_boards,
    statuses.ok_boards / nullif(statuses.boards - statuses.gone_boards, 0) as board_coverage_share,
    1 - demand.imputed_share as weight_coverage_share,
    crawls.exit_code
from days
left join statuses using (crawl_date)
left join store.raw.crawls as crawls using (crawl_date)
left join role_demand_daily as demand
    on days.crawl_date = demand.day
    and demand.role_id = 'all'
    and demand.source = 'all'
    and demand.country_code = 'all'
order by days.crawl_date

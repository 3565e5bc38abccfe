-- One row per board and night: the stored status and the one that counts, `effective_status`
-- (method 2.1). A suspect night counts as ok once its neighbour agrees or the board itself declares
-- zero; a board is gone after enough nights of 404, 410 or NXDOMAIN with no listing between them.
with nights as (
    select
        boards.board_key,
        snapshots.crawl_date,
        snapshots.status,
        snapshots.failure_class,
        snapshots.parsed_postings,
        snapshots.is_declared_empty,
        snapshots.is_not_modified,
        snapshots.fetched_at,
        count(*) filter (where snapshots.status <> 'failed')
            over (partition by boards.board_key order by snapshots.crawl_date) as listings_before
    from store.raw.snapshots as snapshots
    join core.boards as boards using (source, board)
),

suspects as (
    select
        board_key,
        crawl_date,
        status,
        is_declared_empty,
        lead(status) over night as next_status,
        lag(status) over night as previous_status,
        coalesce(
            lead(is_not_modified) over night
            or abs(lead(parsed_postings) over night - parsed_postings)
            <= rules.suspect_agreement * parsed_postings,
            false
        ) as agrees_with_next,
        coalesce(
            is_not_modified
            or abs(parsed_postings - lag(parsed_postings) over night)
            <= rules.suspect_agreement * lag(parsed_postings) over night,
            false
        ) as agrees_with_previous
    from nights
    cross join core.rules as rules
    where status <> 'failed'
    window night as (partition by board_key order by crawl_date)
),

confirmed as (
    select board_key, crawl_date
    from suspects
    where
        status = 'suspect'
        and (
            is_declared_empty
            or (next_status in ('ok', 'suspect') and agrees_with_next)
            or (previous_status = 'suspect' and agrees_with_previous)
        )
),

gone as (
    select nights.board_key, nights.listings_before
    from nights
    cross join core.rules as rules
    where nights.failure_class in ('http_404', 'http_410', 'dns_nxdomain')
    group by all
    having
        count(*) >= any_value(rules.gone_nights)
        and max(nights.crawl_date) - min(nights.crawl_date) >= any_value(rules.gone_span_days)
)

select
    nights.board_key,
    nights.crawl_date,
    nights.status,
    nights.failure_class,
    nights.parsed_postings,
    nights.fetched_at,
    case
        when confirmed.board_key is not null then 'ok'
        when gone.board_key is not null and nights.status = 'failed' then 'gone'
        else nights.status
    end as effective_status
from nights
left join confirmed
    on nights.board_key = confirmed.board_key and nights.crawl_date = confirmed.crawl_date
left join gone
    on nights.board_key = gone.board_key and nights.listings_before = gone.listings_before

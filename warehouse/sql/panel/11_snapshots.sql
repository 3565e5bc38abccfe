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
        snapshots.is_not_modified
    from core.snapshot_rows as snapshots
    join core.boards as boards using (source, board)
),

-- Few boards are ever suspect or not there: only their nights are looked at in their order.
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
    semi join (select board_key from nights where status = 'suspect') as doubted using (board_key)
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

missing as (
    select
        board_key,
        crawl_date,
        status,
        failure_class in ('http_404', 'http_410', 'dns_nxdomain') as is_missing,
        count(*) filter (where status <> 'failed') over (partition by board_key order by crawl_date)
            as listings_before
    from nights
    semi join (
        select board_key from nights where failure_class in ('http_404', 'http_410', 'dns_nxdomain')
    ) as missed using (board_key)
),

gone as (
    select missing.board_key, missing.listings_before
    from missing
    cross join core.rules as rules
    where missing.is_missing
    group by all
    having
        count(*) >= any_value(rules.gone_nights)
        and max(missing.crawl_date) - min(missing.crawl_date) >= any_value(rules.gone_span_days)
),

gone_nights as (
    select board_key, crawl_date
    from missing
    semi join gone using (board_key, listings_before)
    where status = 'failed'
)

select
    nights.board_key,
    nights.crawl_date,
    nights.status,
    nights.failure_class,
    case
        when confirmed.board_key is not null then 'ok'
        when gone_nights.board_key is not null then 'gone'
        else nights.status
    end as effective_status
from nights
left join confirmed using (board_key, crawl_date)
left join gone_nights using (board_key, crawl_date)

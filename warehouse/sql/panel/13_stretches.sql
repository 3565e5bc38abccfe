-- One row per board and stretch of days in a row with the same status.
with numbered as (
    select
        board_key,
        crawl_date,
        effective_status,
        row_number() over (partition by board_key, effective_status order by crawl_date) as night_number
    from core.snapshots
)

select
    board_key,
    effective_status,
    min(crawl_date) as from_date,
    max(crawl_date) as last_date
from numbered
group by board_key, effective_status, crawl_date - cast(night_number as integer)

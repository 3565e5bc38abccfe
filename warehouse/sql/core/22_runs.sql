-- One row per run of nights on which a posting stood as listed: from run_from until the night
-- run_until (null: still listed), on which a listing was first without it.
with starts as (
    select
        *,
        is_listed is distinct from lag(is_listed) over (partition by posting_key order by from_date)
            as is_start
    from core.observations
    where kind = 'stock'
),

runs as (
    select
        *,
        count(*) filter (where is_start) over (partition by posting_key order by from_date) as run
    from starts
)

select
    posting_key,
    any_value(board_key) as board_key,
    min(from_date) as run_from,
    arg_max_null(until_date, from_date) as run_until,
    arg_min(content_hash, from_date) as first_content_hash,
    arg_max(content_hash, from_date) as last_content_hash,
    arg_max_null(valid_through_date, from_date) as valid_through_date,
    arg_max_null(requisition_id, from_date) as requisition_id
from runs
where is_listed
group by posting_key, run

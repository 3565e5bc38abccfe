-- One row per unit that continues an earlier one of its board: same demand, started within
-- repost_days of the earlier one's closing, and not a different text; or the same posting, seen again
-- when its board came back into the panel, which is no repost. Where several like units are open
-- at a time, an end frees a place and the next start takes the place that was freed first.
with units as (
    select
        board_key,
        demand_key,
        unit_key,
        min(from_date) as from_date,
        max(to_date) as to_date,
        arg_max_null(end_reason, to_date) as end_reason,
        arg_min(posting_key, from_date) as first_posting_key,
        arg_max(posting_key, to_date) as last_posting_key,
        arg_min_null(first_fingerprint, from_date) as first_fingerprint,
        arg_max_null(last_fingerprint, to_date) as last_fingerprint
    from core.units
    group by board_key, demand_key, unit_key
    qualify count(*) over (partition by board_key, demand_key) > 1
),

events as (
    select board_key, demand_key, unit_key, from_date as event_date, 1 as step from units
    union all
    select board_key, demand_key, unit_key, to_date as event_date, -1 as step from units
),

running as (
    select
        *,
        sum(step) over (
            partition by board_key, demand_key order by event_date, step, unit_key
            rows between unbounded preceding and current row
        ) as open_units
    from events
),

peaks as (
    select
        *,
        coalesce(
            max(open_units) over (
                partition by board_key, demand_key order by event_date, step, unit_key
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as places
    from running
),

turns as (
    select
        board_key,
        demand_key,
        unit_key,
        step,
        row_number() over (
            partition by board_key, demand_key, step order by event_date, unit_key
        ) as turn
    from peaks
    where step = -1 or open_units <= places
)

select
    starts.unit_key,
    ends.unit_key as previous_unit_key,
    earlier.end_reason = 'closed' as is_repost
from turns as starts
join turns as ends
    on starts.board_key = ends.board_key
    and starts.demand_key = ends.demand_key
    and starts.turn = ends.turn
    and starts.step = 1
    and ends.step = -1
join units as later on starts.unit_key = later.unit_key
join units as earlier on ends.unit_key = earlier.unit_key
cross join core.rules as rules
where
    (
        later.from_date <= earlier.to_date + cast(rules.repost_days as integer)
        or (later.first_posting_key = earlier.last_posting_key and earlier.end_reason = 'exit')
    )
    and coalesce(
        1 - bit_count(xor(later.first_fingerprint, earlier.last_fingerprint)) / 64
        >= case
            when later.first_posting_key = earlier.last_posting_key then rules.same_posting_similarity
            else rules.same_text_similarity
        end,
        true
    )

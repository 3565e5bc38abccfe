-- One row per spell of a posting: first seen until closed, or until its board left the panel. It is
-- in the stock on every day d with from_date <= d < to_date. `entry`: there when the board entered
-- the panel, so when it opened isn't known and it isn't new.
with bounded as (
    select
        *,
        lead(seen_from) over (partition by posting_key, panel_spell order by seen_from)
            as next_seen_date
    from core.sightings
),

judged as (
    select
        bounded.* exclude (absence_date),
        case
            when bounded.absence_date < coalesce(bounded.next_seen_date, bounded.exit_date, date 'infinity')
                then bounded.absence_date
        end as absence_date,
        coalesce(
            bounded.absence_date < coalesce(bounded.next_seen_date, bounded.exit_date, date 'infinity')
            and (
                bounded.confirmed_date < coalesce(bounded.next_seen_date, date 'infinity')
                or bounded.valid_through_date
                < least(coalesce(bounded.next_seen_date, date 'infinity'), clock.as_of_date)
            ),
            false
        ) as is_closed
    from bounded
    cross join core.clock as clock
),

numbered as (
    select
        *,
        coalesce(
            count(*) filter (where is_closed) over (
                partition by posting_key, panel_spell order by seen_from
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as closings_before
    from judged
),

spells as (
    select
        posting_key,
        any_value(board_key) as board_key,
        panel_spell,
        any_value(entry_date) as entry_date,
        any_value(exit_date) as exit_date,
        min(seen_from) as from_date,
        max(last_seen_date) as last_seen_date,
        max(absence_date) filter (where is_closed) as closed_date,
        arg_max_null(case when not is_closed then absence_date end, seen_from) as unconfirmed_absence_date,
        arg_min(first_content_hash, seen_from) as first_content_hash,
        arg_max(last_content_hash, seen_from) as last_content_hash,
        arg_max_null(requisition_id, seen_from) as requisition_id
    from numbered
    group by posting_key, panel_spell, closings_before
)

select
    row_number() over (order by posting_key, from_date) as spell_key,
    posting_key,
    row_number() over (partition by posting_key order by from_date) as spell,
    board_key,
    panel_spell,
    from_date,
    coalesce(closed_date, exit_date, date 'infinity') as to_date,
    last_seen_date,
    closed_date,
    case when closed_date is null then exit_date end as exit_date,
    unconfirmed_absence_date,
    case when from_date = entry_date then 'entry' else 'new' end as start_reason,
    case when closed_date is not null then 'closed' when exit_date is not null then 'exit' end as end_reason,
    first_content_hash,
    last_content_hash,
    requisition_id
from spells

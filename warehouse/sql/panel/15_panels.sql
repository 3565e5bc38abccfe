-- One row per board and spell in the panel: in on entry_date, out on exit_date (null: still in).
with spells as (
    select
        board_key,
        panel_spell,
        min(from_date) as entry_date,
        max(last_date) as last_ok_date
    from core.ok_runs
    group by all
),

ends as (
    select
        spells.board_key,
        spells.panel_spell,
        spells.entry_date,
        spells.last_ok_date,
        spells.last_ok_date + cast(rules.carry_nights + 1 as integer) as stale_date,
        lead(spells.entry_date) over (partition by spells.board_key order by spells.entry_date)
            as next_entry_date,
        boards.retired_date,
        clock.as_of_date
    from spells
    join core.boards as boards using (board_key)
    cross join core.rules as rules
    cross join core.clock as clock
),

gone as (
    select ends.board_key, ends.panel_spell
    from ends
    join core.snapshots as snapshots
        on ends.board_key = snapshots.board_key
        and snapshots.effective_status = 'gone'
        and snapshots.crawl_date > ends.last_ok_date
        and snapshots.crawl_date < coalesce(ends.next_entry_date, date 'infinity')
    group by all
)

select
    ends.board_key,
    ends.panel_spell,
    ends.entry_date,
    ends.last_ok_date,
    case
        when gone.board_key is not null then ends.last_ok_date + 1
        when ends.next_entry_date is null and ends.retired_date <= ends.as_of_date
            then least(greatest(ends.retired_date, ends.last_ok_date + 1), ends.stale_date)
        when ends.next_entry_date is not null or ends.stale_date <= ends.as_of_date
            then ends.stale_date
    end as exit_date,
    case
        when gone.board_key is not null then 'gone'
        when ends.next_entry_date is null and ends.retired_date <= ends.as_of_date then 'retired'
        when ends.next_entry_date is not null or ends.stale_date <= ends.as_of_date then 'stale'
    end as exit_reason
from ends
left join gone using (board_key, panel_spell)

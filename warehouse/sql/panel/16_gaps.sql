-- One row per stretch of nights on which a board's state is carried, not seen: from gap_from until
-- the night before gap_until (infinity: still).
select
    runs.board_key,
    runs.previous_date + 1 as gap_from,
    runs.from_date as gap_until
from core.ok_runs as runs
join core.panels as panels using (board_key, panel_spell)
where runs.previous_date >= panels.entry_date
union all
select
    panels.board_key,
    panels.last_ok_date + 1 as gap_from,
    coalesce(panels.exit_date, date 'infinity') as gap_until
from core.panels as panels
cross join core.clock as clock
where gap_from <= clock.as_of_date and gap_until > gap_from

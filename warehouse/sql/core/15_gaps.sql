-- One row per stretch of nights on which a board's state is carried, not seen: from gap_from until
-- the night before gap_until.
select
    nights.board_key,
    nights.previous_date + 1 as gap_from,
    nights.crawl_date as gap_until
from core.ok_nights as nights
join core.panels as panels using (board_key, panel_spell)
where nights.previous_date >= panels.entry_date and nights.crawl_date > nights.previous_date + 1
union all
select
    panels.board_key,
    panels.last_ok_date + 1 as gap_from,
    coalesce(panels.exit_date, clock.as_of_date + 1) as gap_until
from core.panels as panels
cross join core.clock as clock
where coalesce(panels.exit_date, clock.as_of_date + 1) > panels.last_ok_date + 1

-- New, closed, reopened, entered and left are counts, never negative.
select day, role_id, source, country_code
from role_demand_daily
where
    least(
        new_openings, reopened_openings, panel_entry_openings, closed_openings, panel_exit_openings,
        new_postings, closed_postings
    ) < 0

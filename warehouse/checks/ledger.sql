-- Each day's openings are the day before's, plus new, reopened, entered and relabelled, less closed and left (method 2.2).
select *
from (
    select
        day,
        role_id,
        source,
        country_code,
        active_openings,
        coalesce(lag(active_openings) over (partition by role_id, source, country_code order by day), 0)
        + new_openings + reopened_openings + panel_entry_openings + relabelled_openings
        - closed_openings - panel_exit_openings as ledger_openings
    from role_demand_daily
)
where active_openings <> ledger_openings

-- How much of the change in VPoE openings is demand, and how much is boards coming and going?
select
    month,
    active_openings,
    new_openings + reopened_openings - closed_openings as by_demand,
    panel_entry_openings - panel_exit_openings as by_boards,
    relabelled_openings as by_relabelling
from role_demand_monthly
where role_id = 'vp_engineering' and kind = 'stock' and source = 'all' and country_code = 'all'
order by month

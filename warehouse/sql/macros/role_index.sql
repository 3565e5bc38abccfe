-- How demand for a role grew, 100 in the base, over boards that two periods share; the naive count
-- beside it is not for quoting.
(role, of_source := 'all', of_country := 'all') as table
select
    period_start_date,
    period_end_date,
    kind,
    demand_index,
    is_base,
    link,
    matched_boards,
    matched_openings,
    matched_openings_before,
    panel_entry_openings,
    panel_exit_openings,
    weight_coverage_share,
    is_provisional,
    naive_index
from role_index
where role_id = role and source = of_source and country_code = of_country
order by period_start_date

-- Demand for a role by period (month, week or day) with what it rests on: 95 % intervals, the panel,
-- the carried part. A flow has months only and is asked by its source.
(role, period := 'month', of_source := 'all', of_country := 'all') as table
with periods as (
    select
        month as period_start_date,
        period_end_date,
        kind,
        active_openings,
        employers_hiring,
        new_openings,
        closed_openings,
        panel_entry_openings,
        panel_exit_openings,
        case kind when 'flow' then new_postings else active_openings end as part,
        case kind when 'flow' then all_new_postings else all_active_openings end as whole,
        boards_observed,
        boards_in_panel,
        imputed_share,
        is_provisional
    from role_demand_monthly
    where period = 'month' and role_id = role and source = of_source and country_code = of_country
    union all
    select
        cast(date_trunc(period, day) as date) as period_start_date,
        max(day) as period_end_date,
        'stock' as kind,
        arg_max(active_openings, day) as active_openings,
        arg_max(employers_hiring, day) as employers_hiring,
        sum(new_openings) as new_openings,
        sum(closed_openings) as closed_openings,
        sum(panel_entry_openings) as panel_entry_openings,
        sum(panel_exit_openings) as panel_exit_openings,
        arg_max(active_openings, day) as part,
        arg_max(all_active_openings, day) as whole,
        max(boards_observed) as boards_observed,
        arg_max(boards_in_panel, day) as boards_in_panel,
        arg_max_null(imputed_share, day) as imputed_share,
        bool_or(is_provisional) as is_provisional
    from role_demand_daily
    where period in ('week', 'day') and role_id = role and source = of_source and country_code = of_country
    group by date_trunc(period, day)
)

select
    period_start_date,
    period_end_date,
    kind,
    active_openings,
    employers_hiring,
    new_openings,
    round(count_low(new_openings), 3) as new_openings_low,
    round(count_high(new_openings), 3) as new_openings_high,
    closed_openings,
    panel_entry_openings,
    panel_exit_openings,
    10000 * (part / nullif(whole, 0)) as share_per_10000,
    10000 * share_low(part, whole) as share_low,
    10000 * share_high(part, whole) as share_high,
    boards_observed,
    boards_in_panel,
    imputed_share,
    is_provisional
from periods
order by period_start_date

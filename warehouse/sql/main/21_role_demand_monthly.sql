-- One row per month, role, kind of source and slice. Stock: the state on the month's last day (or on
-- the newest night) and what happened in the month. Flow: the postings of the month's thread.
with stock as (
    select
        cast(date_trunc('month', day) as date) as month,
        role_id,
        'stock' as kind,
        source,
        country_code,
        max(day) as period_end_date,
        arg_max(active_openings, day) as active_openings,
        arg_max(unflagged_openings, day) as unflagged_openings,
        arg_max(active_postings, day) as active_postings,
        arg_max(employers_hiring, day) as employers_hiring,
        avg(active_openings) as mean_active_openings,
        sum(new_openings) as new_openings,
        sum(reopened_openings) as reopened_openings,
        sum(panel_entry_openings) as panel_entry_openings,
        sum(closed_openings) as closed_openings,
        sum(panel_exit_openings) as panel_exit_openings,
        sum(relabelled_openings) as relabelled_openings,
        sum(new_postings) as new_postings,
        sum(closed_postings) as closed_postings,
        arg_max(all_active_openings, day) as all_active_openings,
        sum(all_new_openings) as all_new_openings,
        arg_max_null(share_per_10000, day) as share_per_10000,
        arg_max_null(imputed_share, day) as imputed_share,
        arg_max(boards_in_panel, day) as boards_in_panel,
        bool_or(is_provisional) as is_provisional
    from role_demand_daily
    group by all
),

observed as (
    select
        month,
        coalesce(source, 'all') as source,
        count(distinct board_key) as boards_observed
    from (
        select
            boards.source,
            runs.board_key,
            cast(unnest(generate_series(
                date_trunc('month', runs.from_date), runs.last_date, interval 1 month
            )) as date) as month
        from core.ok_runs as runs
        join core.boards as boards using (board_key)
    )
    group by month, cube (source)
),

flow as (
    select
        month,
        role_id,
        source,
        coalesce(country_code, 'all') as country_code,
        sum(postings) as new_postings,
        sum(openings) as new_openings,
        count(distinct employer_key) + sum(case when employer_key is null then postings else 0 end)
            as employers_hiring
    from sums.flow_counts
    group by month, role_id, source, rollup (country_code)
),

threads as (
    select
        boards.source,
        boards.thread_month as month,
        count(*) as boards_observed,
        bool_or(snapshots.effective_status <> 'ok') as is_incomplete
    from core.boards as boards
    join (
        select board_key, arg_max(effective_status, crawl_date) as effective_status
        from core.snapshots
        group by board_key
    ) as snapshots using (board_key)
    where boards.thread_month is not null
    group by all
),

-- A month of a flow with no posting for a role is a zero, not a gap.
flow_months as (
    select threads.month, roles.role_id, roles.source, roles.country_code
    from (select distinct role_id, source, country_code from flow) as roles
    join threads using (source)
)

select
    stock.month,
    stock.role_id,
    stock.kind,
    stock.source,
    stock.country_code,
    stock.period_end_date,
    stock.active_openings,
    stock.unflagged_openings,
    stock.active_postings,
    stock.employers_hiring,
    stock.mean_active_openings,
    cast(stock.new_openings as integer) as new_openings,
    cast(stock.reopened_openings as integer) as reopened_openings,
    cast(stock.panel_entry_openings as integer) as panel_entry_openings,
    cast(stock.closed_openings as integer) as closed_openings,
    cast(stock.panel_exit_openings as integer) as panel_exit_openings,
    cast(stock.relabelled_openings as integer) as relabelled_openings,
    cast(stock.new_postings as integer) as new_postings,
    cast(stock.closed_postings as integer) as closed_postings,
    stock.all_active_openings,
    cast(stock.all_new_openings as integer) as all_new_openings,
    cast(null as integer) as all_new_postings,
    stock.share_per_10000,
    stock.imputed_share,
    cast(coalesce(observed.boards_observed, 0) as integer) as boards_observed,
    stock.boards_in_panel,
    stock.is_provisional
from stock
left join observed using (month, source)
union all by name
select
    flow_months.month,
    flow_months.role_id,
    'flow' as kind,
    flow_months.source,
    flow_months.country_code,
    last_day(flow_months.month) as period_end_date,
    cast(coalesce(flow.employers_hiring, 0) as integer) as employers_hiring,
    cast(coalesce(flow.new_openings, 0) as integer) as new_openings,
    cast(coalesce(flow.new_postings, 0) as integer) as new_postings,
    cast(whole.new_openings as integer) as all_new_openings,
    cast(whole.new_postings as integer) as all_new_postings,
    10000 * coalesce(flow.new_postings, 0) / nullif(whole.new_postings, 0) as share_per_10000,
    cast(threads.boards_observed as integer) as boards_observed,
    threads.is_incomplete
    or last_day(flow_months.month) > clock.as_of_date - cast(rules.provisional_nights as integer) as is_provisional
from flow_months
join threads using (source, month)
cross join core.clock as clock
cross join core.rules as rules
left join flow using (month, role_id, source, country_code)
left join flow as whole
    on flow_months.month = whole.month
    and flow_months.source = whole.source
    and flow_months.country_code = whole.country_code
    and whole.role_id = 'all'
order by role_id, kind, source, country_code, month

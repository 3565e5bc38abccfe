-- One row per period, role, kind of source and slice. Stock: growth of the boards matched with an
-- earlier period, chained (method 2.3). Flow: the share of the thread's posts.
with short_days as (
    select
        (demand.day - clock.first_stock_date) // rules.index_period_days as period,
        demand.role_id,
        demand.source,
        demand.country_code,
        sum(demand.active_openings) as open_days,
        sum(demand.active_postings) as posting_days,
        sum(cast(round(demand.imputed_share * demand.active_postings) as integer)) as imputed_days,
        sum(demand.new_openings) as new_openings,
        sum(demand.panel_entry_openings) as panel_entry_openings,
        sum(demand.panel_exit_openings) as panel_exit_openings
    from role_demand_daily as demand
    cross join core.clock as clock
    cross join core.rules as rules
    group by all
),

lengths as (
    select
        doubling,
        cast(rules.index_period_days << doubling as integer) as period_days,
        (clock.as_of_date + 1 - clock.first_stock_date) // (rules.index_period_days << doubling) as periods
    from core.rules as rules
    cross join core.clock as clock
    cross join range(rules.index_doublings) as doublings (doubling)
),

days as (
    select
        lengths.doubling,
        lengths.period_days,
        short_days.period >> lengths.doubling as period,
        short_days.* exclude (period)
    from short_days
    join lengths on short_days.period >> lengths.doubling < lengths.periods
    union all by name
    select lengths.period_days, links.*
    from sums.links as links
    join lengths using (doubling)
),

matched_boards as (
    select
        periods.doubling,
        periods.period,
        coalesce(boards.source, 'all') as source,
        count(*) as matched_boards
    from core.board_periods as periods
    join core.boards as boards using (board_key)
    where periods.previous_period is not null
    group by periods.doubling, periods.period, cube (boards.source)
),

sums as (
    select
        doubling,
        period_days,
        period,
        role_id,
        source,
        country_code,
        coalesce(sum(open_days), 0) as open_days,
        coalesce(sum(posting_days), 0) as posting_days,
        coalesce(sum(imputed_days), 0) as imputed_days,
        coalesce(sum(new_openings), 0) as new_openings,
        coalesce(sum(panel_entry_openings), 0) as panel_entry_openings,
        coalesce(sum(panel_exit_openings), 0) as panel_exit_openings,
        coalesce(sum(matched_days), 0) as matched_days,
        coalesce(sum(matched_days_before), 0) as matched_days_before,
        coalesce(sum(matched_new_openings), 0) as matched_new_openings,
        coalesce(sum(matched_new_openings_before), 0) as matched_new_openings_before
    from days
    group by doubling, period_days, period, role_id, source, country_code
),

periods as (
    select
        sums.*,
        coalesce(matched_boards.matched_boards, 0) as matched_boards,
        case
            when sums.matched_days_before >= rules.index_min_denominator * sums.period_days
                then sums.matched_days / sums.matched_days_before
        end as link,
        row_number() over slice as number
    from sums
    cross join core.rules as rules
    left join matched_boards using (doubling, period, source)
    window slice as (
        partition by sums.doubling, sums.role_id, sums.source, sums.country_code order by sums.period
    )
),

-- The chain starts with the period before the first link, and breaks at a link that is too thin.
starts as (
    select
        *,
        coalesce(min(number) filter (where link is not null) over slice, 2) - 1 as start_number,
        count(link) over slice > 0 as has_link
    from periods
    window slice as (partition by doubling, role_id, source, country_code)
),

chains as (
    select
        *,
        count(*) filter (where number > start_number and link is null) over slice > 0 as is_broken,
        count(*) filter (where number > start_number and link is null) over so_far > 0 as is_after_break,
        product(case when number > start_number then link else 1 end) over so_far as chain,
        sum(case when number >= start_number then new_openings else 0 end) over so_far as new_openings_so_far
    from starts
    window
        slice as (partition by doubling, role_id, source, country_code),
        so_far as (partition by doubling, role_id, source, country_code order by number)
),

-- The shortest periods whose chain holds, else the shortest. The base: as many first periods as it
-- takes for enough new openings.
chosen as (
    select
        chains.*,
        chains.number >= chains.start_number
        and chains.new_openings_so_far - chains.new_openings < rules.index_base_new_openings as is_in_base,
        max(case when chains.is_after_break then 0 else chains.new_openings_so_far end) over slice
        >= rules.index_base_new_openings as has_base
    from chains
    cross join core.rules as rules
    window slice as (
        partition by chains.doubling, chains.role_id, chains.source, chains.country_code
    )
    qualify chains.doubling = coalesce(
        min(case when not chains.is_broken and (chains.has_link or chains.doubling = 0) then chains.doubling end) over (
            partition by chains.role_id, chains.source, chains.country_code
        ),
        0
    )
),

levels as (
    select
        *,
        case when has_base and number >= start_number and not is_after_break then chain end as level,
        has_base and is_in_base as is_base
    from chosen
),

stock as (
    select
        levels.*,
        100 * level / avg(level) filter (where is_base) over slice as demand_index,
        100 * open_days / avg(open_days) filter (where is_base) over slice as naive_index
    from levels
    window slice as (partition by role_id, source, country_code)
),

flow_months as (
    select
        *,
        sum(new_postings) over (
            partition by role_id, source, country_code order by month
        ) as new_postings_so_far
    from role_demand_monthly
    where kind = 'flow' and all_new_postings > 0
),

flow_bases as (
    select
        *,
        new_postings_so_far - new_postings < rules.index_base_new_openings
        and max(new_postings_so_far) over slice >= rules.index_base_new_openings as is_base
    from flow_months
    cross join core.rules as rules
    window slice as (partition by role_id, source, country_code)
),

flow as (
    select
        *,
        100 * share_per_10000
        / (
            10000 * sum(new_postings) filter (where is_base) over slice
            / sum(all_new_postings) filter (where is_base) over slice
        ) as demand_index,
        100 * new_postings / avg(new_postings) filter (where is_base) over slice as naive_index
    from flow_bases
    window slice as (partition by role_id, source, country_code)
),

versions as (
    select extractor_versions from about
)

select
    cast(clock.first_stock_date + cast(stock.period * stock.period_days as integer) as date) as period_start_date,
    cast(clock.first_stock_date + cast((stock.period + 1) * stock.period_days - 1 as integer) as date)
        as period_end_date,
    stock.role_id,
    'stock' as kind,
    stock.source,
    stock.country_code,
    stock.period_days,
    round(stock.demand_index, 6) as demand_index,
    round(stock.naive_index, 6) as naive_index,
    stock.is_base,
    case when stock.number > stock.start_number then stock.link end as link,
    cast(stock.matched_boards as integer) as matched_boards,
    stock.matched_days / stock.period_days as matched_openings,
    stock.matched_days_before / stock.period_days as matched_openings_before,
    stock.open_days / stock.period_days as mean_active_openings,
    cast(stock.matched_new_openings as integer) as matched_new_openings,
    cast(stock.matched_new_openings_before as integer) as matched_new_openings_before,
    cast(stock.new_openings as integer) as new_openings,
    cast(stock.panel_entry_openings as integer) as panel_entry_openings,
    cast(stock.panel_exit_openings as integer) as panel_exit_openings,
    1 - stock.imputed_days / nullif(stock.posting_days, 0) as weight_coverage_share,
    period_end_date > clock.as_of_date - cast(rules.provisional_nights as integer) as is_provisional,
    versions.extractor_versions
from stock
cross join core.clock as clock
cross join core.rules as rules
cross join versions
union all by name
select
    flow.month as period_start_date,
    flow.period_end_date,
    flow.role_id,
    flow.kind,
    flow.source,
    flow.country_code,
    cast(flow.period_end_date - flow.month + 1 as integer) as period_days,
    round(flow.demand_index, 6) as demand_index,
    round(flow.naive_index, 6) as naive_index,
    flow.is_base,
    flow.new_openings,
    flow.is_provisional,
    versions.extractor_versions
from flow
cross join versions
order by role_id, kind, source, country_code, period_start_date

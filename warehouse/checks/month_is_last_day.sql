-- A month's stock is that of its last day, and its flows are the sum of its days.
with days as (
    select
        cast(date_trunc('month', day) as date) as month,
        role_id,
        source,
        country_code,
        arg_max(active_openings, day) as active_openings,
        sum(new_openings) as new_openings,
        sum(closed_openings) as closed_openings
    from role_demand_daily
    group by all
)

select days.*
from days
left join role_demand_monthly as months
    on days.month = months.month
    and days.role_id = months.role_id
    and days.source = months.source
    and days.country_code = months.country_code
    and months.kind = 'stock'
where
    days.active_openings is distinct from months.active_openings
    or days.new_openings is distinct from months.new_openings
    or days.closed_openings is distinct from months.closed_openings

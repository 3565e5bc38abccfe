-- An index moves from one period to the next by its link, and has none without a base (method 2.3).
select *
from (
    select
        period_start_date,
        role_id,
        source,
        country_code,
        demand_index,
        lag(demand_index) over slice * link as by_link,
        bool_or(is_base) over slice as has_base
    from role_index
    where kind = 'stock'
    window slice as (
        partition by role_id, source, country_code order by period_start_date
        rows between unbounded preceding and unbounded following
    )
)
where abs(demand_index - by_link) > 0.001 or (demand_index is not null and not has_base)

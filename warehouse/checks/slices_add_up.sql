-- The openings of all sources are the sum over the sources, and of all countries the sum over the countries.
with slices as (
    select
        day,
        role_id,
        coalesce(sum(active_openings) filter (where source = 'all' and country_code = 'all'), 0) as whole,
        coalesce(sum(active_openings) filter (where source <> 'all' and country_code = 'all'), 0) as by_source,
        coalesce(sum(active_openings) filter (where source = 'all' and country_code <> 'all'), 0) as by_country
    from role_demand_daily
    group by day, role_id
)

select * from slices where whole <> by_source or whole <> by_country

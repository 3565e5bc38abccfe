-- One row per figure, role and number of weeks: by how much a figure had changed that many weeks after
-- it was first published, on average over the periods that are that old.
with vintages as (
    select
        'role_demand_monthly' as table_name,
        month as period_start_date,
        role_id,
        kind,
        source,
        published_from_date,
        published_to_date,
        unnest(['active_openings', 'new_openings', 'closed_openings', 'employers_hiring']) as column_name,
        unnest([active_openings, new_openings, closed_openings, employers_hiring]) as figure
    from role_demand_monthly_vintages
    where period_end_date = last_day(month) and country_code = 'all'
    union all
    select
        'role_index' as table_name,
        period_start_date,
        role_id,
        kind,
        source,
        published_from_date,
        published_to_date,
        'demand_index' as column_name,
        demand_index as figure
    from role_index_vintages
    where country_code = 'all'
),

firsts as (
    select
        table_name,
        period_start_date,
        role_id,
        kind,
        source,
        column_name,
        min(published_from_date) as first_published_date,
        arg_min_null(figure, published_from_date) as first_figure
    from vintages
    group by all
)

select
    firsts.table_name,
    firsts.column_name,
    firsts.role_id,
    firsts.kind,
    firsts.source,
    ages.weeks,
    cast(count(*) as integer) as periods,
    avg(abs(vintages.figure - firsts.first_figure)) as mean_absolute_revision
from firsts
cross join (select unnest([1, 4, 12]) as weeks) as ages
cross join temp.published as published
join vintages
    on firsts.table_name = vintages.table_name
    and firsts.period_start_date = vintages.period_start_date
    and firsts.role_id = vintages.role_id
    and firsts.kind = vintages.kind
    and firsts.source = vintages.source
    and firsts.column_name = vintages.column_name
    and firsts.first_published_date + 7 * ages.weeks >= vintages.published_from_date
    and firsts.first_published_date + 7 * ages.weeks < coalesce(vintages.published_to_date, date 'infinity')
where firsts.first_published_date + 7 * ages.weeks <= published.published_date
group by firsts.table_name, firsts.column_name, firsts.role_id, firsts.kind, firsts.source, ages.weeks
having count(firsts.first_figure) > 0
order by all

-- One row per figure of a period that was over, and has been changed since it was first published.
with vintages as (
    select
        'role_demand_monthly' as table_name,
        month as period_start_date,
        role_id,
        kind,
        source,
        country_code,
        published_from_date,
        published_to_date,
        unnest(['active_openings', 'new_openings', 'closed_openings', 'employers_hiring']) as column_name,
        unnest([active_openings, new_openings, closed_openings, employers_hiring]) as figure
    from role_demand_monthly_vintages
    where period_end_date = last_day(month)
    union all
    select
        'role_index' as table_name,
        period_start_date,
        role_id,
        kind,
        source,
        country_code,
        published_from_date,
        published_to_date,
        'demand_index' as column_name,
        demand_index as figure
    from role_index_vintages
),

ordered as (
    select
        *,
        first_value(figure) over figures as first_figure,
        first_value(published_from_date) over figures as first_published_date,
        lag(figure) over figures as previous_figure,
        row_number() over figures as version
    from vintages
    window figures as (
        partition by table_name, period_start_date, role_id, kind, source, country_code, column_name
        order by published_from_date
    )
),

changes as (
    select ordered.*, publications.revision_cause
    from ordered
    join publications on ordered.published_from_date = publications.published_date
    where ordered.version > 1 and ordered.figure is distinct from ordered.previous_figure
)

select
    table_name,
    period_start_date,
    role_id,
    kind,
    source,
    country_code,
    column_name,
    first_published_date,
    first_figure,
    arg_max_null(figure, published_from_date) as figure_now,
    max(published_from_date) as revised_date,
    cast(count(*) as integer) as revisions,
    arg_max(revision_cause, published_from_date) as revision_cause
from changes
group by
    table_name, period_start_date, role_id, kind, source, country_code, column_name,
    first_published_date, first_figure
order by all

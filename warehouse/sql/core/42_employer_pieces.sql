-- One row per employer, role, slice and stretch of days with at least one opening open.
with slices as (
    select
        role_id,
        employer_key,
        coalesce(source, 'all') as source,
        coalesce(country_code, 'all') as country_code,
        from_date,
        max(to_date) as to_date
    from core.opening_pieces
    where employer_key is not null
    group by role_id, employer_key, from_date, cube (source, country_code)
),

marked as (
    select
        *,
        coalesce(
            from_date > max(to_date) over (
                partition by role_id, source, country_code, employer_key order by from_date
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_start
    from slices
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by role_id, source, country_code, employer_key order by from_date
        ) as stretch
    from marked
)

select
    role_id,
    source,
    country_code,
    min(from_date) as from_date,
    max(to_date) as to_date
from numbered
group by role_id, source, country_code, employer_key, stretch

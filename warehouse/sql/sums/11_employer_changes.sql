-- One row per day, role and slice: employers whose first opening opened (+1), less those whose last
-- one closed.
with pieces as (
    select
        pieces.role_id,
        pieces.source,
        pieces.country_code,
        hash(spans.counted_key) as employer_key,
        greatest(pieces.from_date, spans.from_date) as from_date,
        least(pieces.to_date, spans.to_date) as to_date
    from core.employer_pieces as pieces
    join core.employer_spans as spans
        on pieces.employer_key = spans.employer_key
        and pieces.from_date < spans.to_date
        and pieces.to_date > spans.from_date
),

-- Openings of an employer that overlap are one stretch: few of them are left to slice.
begun as (
    select
        *,
        coalesce(
            from_date > max(to_date) over (
                partition by role_id, employer_key, source, country_code order by from_date
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_start
    from pieces
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by role_id, employer_key, source, country_code order by from_date
        ) as stretch
    from begun
),

stretches as (
    select
        role_id,
        employer_key,
        source,
        country_code,
        min(from_date) as from_date,
        max(to_date) as to_date
    from numbered
    group by role_id, employer_key, source, country_code, stretch
),

slices as (
    select
        role_id,
        employer_key,
        coalesce(source, 'all') as source,
        coalesce(country_code, 'all') as country_code,
        from_date,
        max(to_date) as to_date
    from stretches
    group by role_id, employer_key, from_date, cube (source, country_code)
),

marked as (
    select
        role_id,
        source,
        country_code,
        from_date,
        max(to_date) over (
            so_far rows between unbounded preceding and 1 preceding
        ) as reached_before,
        max(to_date) over (so_far rows between unbounded preceding and current row) as reached,
        lead(from_date) over so_far as next_from_date
    from slices
    window so_far as (partition by role_id, source, country_code, employer_key order by from_date)
)

select day, role_id, source, country_code, sum(employers) as employers
from (
    select role_id, source, country_code, from_date as day, 1 as employers
    from marked
    where coalesce(from_date > reached_before, true)
    union all
    select role_id, source, country_code, reached as day, -1 as employers
    from marked
    where coalesce(next_from_date > reached, true) and reached < date 'infinity'
)
group by all

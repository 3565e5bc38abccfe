-- One row per employer and stretch of days, with the employer that it counts as: those who merge are
-- one from that day on, and were two before (fault 77).
with aliases as (
    select
        old.employer_key,
        employers.employer_key as counted_key,
        coalesce(cast(aliases.valid_from_date as date), date '-infinity') as from_date,
        coalesce(cast(aliases.valid_to_date as date), date 'infinity') as to_date
    from core.employer_aliases as aliases
    join core.employers as old on aliases.alias = old.employer
    join core.employers as employers on aliases.employer = employers.employer
    where aliases.valid_from_date is not null or aliases.valid_to_date is not null
),

bounds as (
    select employer_key, date '-infinity' as from_date from core.employers
    union
    select employer_key, unnest([from_date, to_date]) as from_date from aliases
),

spans as (
    select
        employer_key,
        from_date,
        lead(from_date, 1, date 'infinity') over (
            partition by employer_key order by from_date
        ) as to_date
    from bounds
    where from_date < date 'infinity'
)

select spans.*, coalesce(aliases.counted_key, spans.employer_key) as counted_key
from spans
left join aliases
    on spans.employer_key = aliases.employer_key
    and spans.from_date >= aliases.from_date
    and spans.from_date < aliases.to_date

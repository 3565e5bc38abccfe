-- One row per kind, role, currency and country with at least 5 employers that state their pay. Every
-- employer counts once, by the median of its openings, so that none outweighs the others. The interval
-- of the median is by order statistics (Conover, Practical Nonparametric Statistics, 3.2), ranks
-- rounded outwards; null where the employers are too few for one.
with offers as (
    select
        postings.kind,
        hash(coalesce(
            cast(postings.opening_id as varchar),
            concat_ws('/', postings.source, postings.board, postings.posting_id)
        )) as offer_id,
        coalesce(openings.postings, 1) = 1 as is_lone,
        openings.employer_key as opening_employer_key,
        postings.employer,
        coalesce(postings.country_code, postings.board_country_code, 'unknown') as country_code,
        labels.role_id,
        postings.salary_currency,
        coalesce(postings.salary_min, postings.salary_max) * periods.per_year as low,
        coalesce(postings.salary_max, postings.salary_min) * periods.per_year as high
    from postings
    join posting_roles as labels using (source, board, posting_id)
    join (
        values ('year', 1), ('month', 12), ('day', 260), ('hour', 2080)
    ) as periods (salary_period, per_year) using (salary_period)
    left join openings on postings.opening_id = openings.opening_id
    where
        labels.is_current
        and postings.salary_currency is not null
        and coalesce(openings.is_counted, postings.kind = 'flow')
),

employer_offers as (
    select
        kind,
        role_id,
        salary_currency,
        unnest(['all', country_code]) as country_code,
        hash(coalesce(opening_employer_key, lower(employer), cast(offer_id as varchar))) as employer_key,
        offer_id,
        is_lone,
        low,
        high
    from offers
),

-- Several postings of an opening are one offer; few openings have several.
repeated as (
    select kind, role_id, salary_currency, country_code, employer_key, count(distinct offer_id) as openings
    from employer_offers
    where not is_lone
    group by all
),

lone as (
    select
        kind,
        role_id,
        salary_currency,
        country_code,
        employer_key,
        count(*) filter (where is_lone) as openings,
        median(low) as low,
        median((low + high) / 2) as middle,
        median(high) as high
    from employer_offers
    group by kind, role_id, salary_currency, country_code, employer_key
),

employers as (
    select lone.* replace (lone.openings + coalesce(repeated.openings, 0) as openings)
    from lone
    left join repeated using (kind, role_id, salary_currency, country_code, employer_key)
),

pays as (
    select
        kind,
        role_id,
        salary_currency,
        country_code,
        cast(count(*) as integer) as employers,
        cast(sum(openings) as integer) as openings,
        quantile_cont(low, 0.5) as pay_low_median_year,
        quantile_cont(middle, 0.25) as pay_p25_year,
        quantile_cont(middle, 0.5) as pay_median_year,
        quantile_cont(middle, 0.75) as pay_p75_year,
        quantile_cont(high, 0.5) as pay_high_median_year,
        list(middle order by middle) as middles,
        cast(floor((count(*) - 1.959963984540054 * sqrt(count(*))) / 2) as integer) as low_rank
    from employers
    group by kind, role_id, salary_currency, country_code
    having count(*) >= 5
)

select
    * exclude (middles, low_rank),
    case when low_rank >= 1 then middles[low_rank] end as pay_median_low_year,
    case when low_rank >= 1 then middles[employers + 1 - low_rank] end as pay_median_high_year
from pays
order by kind, role_id, country_code, employers desc, salary_currency

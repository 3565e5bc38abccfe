-- One row per kind, role, slice and concept: how many openings with that role alone name the skill or
-- the responsibility. A text that hires for several roles doesn't say which of them it speaks of.
-- The interval is Wilson's with the effective number of openings: those of one employer hang together.
with labelled as (
    select counted.* exclude (only_role_id), only_role_id as role_id
    from sums.profile_counts as counted
    where only_role_id is not null
    union all
    select counted.* exclude (only_role_id), role_groups.role_group_id as role_id
    from sums.profile_counts as counted
    join core.taxonomy_role_groups as role_groups on counted.only_role_id = role_groups.role_id
    union all
    select counted.* exclude (only_role_id), 'all' as role_id
    from sums.profile_counts as counted
),

sliced as (
    select
        kind,
        role_id,
        concept,
        concept_id,
        employer_key,
        unnest(['all', country_code, 'all']) as country_code,
        unnest(['all', 'all', language]) as language,
        openings
    from labelled
),

by_employer as (
    select * exclude (openings), sum(openings) as openings
    from sliced
    group by all
),

counts as (
    select
        kind,
        role_id,
        concept,
        concept_id,
        country_code,
        language,
        sum(openings) as openings,
        count(*) as employers,
        sum(openings) ^ 2 / sum(openings ^ 2) as effective_openings
    from by_employer
    group by all
),

shares as (
    select
        named.* exclude (effective_openings),
        totals.openings as role_openings,
        totals.employers as role_employers,
        totals.effective_openings,
        named.openings / totals.openings as share,
        3.841458820694124 as z2 -- the square of the normal quantile of 95 %
    from counts as named
    join counts as totals using (kind, role_id, country_code, language)
    where named.concept is not null and totals.concept is null
)

select
    kind,
    role_id,
    concept,
    concept_id,
    country_code,
    language,
    cast(openings as integer) as openings,
    cast(employers as integer) as employers,
    cast(role_openings as integer) as role_openings,
    cast(role_employers as integer) as role_employers,
    effective_openings,
    share,
    greatest(0, (
        share + z2 / (2 * effective_openings)
        - sqrt(z2 * (share * (1 - share) / effective_openings + z2 / (4 * effective_openings ^ 2)))
    ) / (1 + z2 / effective_openings)) as share_low,
    least(1, (
        share + z2 / (2 * effective_openings)
        + sqrt(z2 * (share * (1 - share) / effective_openings + z2 / (4 * effective_openings ^ 2)))
    ) / (1 + z2 / effective_openings)) as share_high
from shares
order by kind, role_id, country_code, language, concept, openings desc, concept_id

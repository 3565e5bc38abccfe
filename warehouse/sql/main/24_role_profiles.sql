-- One row per kind, role, slice and concept: how many openings with that role alone name the skill or
-- the responsibility. A text that hires for several roles doesn't say which of them it speaks of.
-- The interval is Wilson's with the effective number of openings: those of one employer hang together.
with texts as (
    select
        'stock' as kind,
        openings.opening_key as unit_key,
        hash(coalesce(openings.employer_key, cast(openings.opening_key as varchar))) as employer_key,
        coalesce(contents.country_code, boards.country_code, 'unknown') as country_code,
        contents.content_hash,
        contents.roles as role_ids
    from core.openings as openings
    join core.spells as spells on openings.lead_spell_key = spells.spell_key
    join core.boards as boards using (board_key)
    join core.contents as contents on spells.last_content_hash = contents.content_hash
    where openings.is_counted
    union all
    select
        'flow' as kind,
        postings.posting_key as unit_key,
        hash(coalesce(postings.employer_key, cast(postings.posting_key as varchar))) as employer_key,
        postings.country_code,
        newest.content_hash,
        postings.hires_for as role_ids
    from core.flow_postings as postings
    join core.newest_contents as newest using (posting_key)
    where not postings.is_same_opening
),

-- With the one role of a text, or none, by which it is counted first: few rows are left to spread.
read_texts as (
    select
        texts.* exclude (role_ids),
        results.language,
        results.extractor_version,
        case when len(texts.role_ids) = 1 then texts.role_ids[1] end as only_role_id
    from texts
    join core.contents as contents using (content_hash)
    join store.extract.results as results using (content_hash, extractor_version)
    where results.text_chars > 0
),

concepts as (
    select distinct
        read_texts.* exclude (content_hash, extractor_version),
        mentions.concept,
        mentions.concept_id
    from read_texts
    join store.extract.mentions as mentions using (content_hash, extractor_version)
    where mentions.concept in ('skill', 'responsibility')
),

counted as (
    select
        kind,
        only_role_id,
        null as concept,
        null as concept_id,
        country_code,
        language,
        employer_key,
        count(*) as openings
    from read_texts
    group by all
    union all
    select
        kind,
        only_role_id,
        concept,
        concept_id,
        country_code,
        language,
        employer_key,
        count(*) as openings
    from concepts
    group by all
),

labelled as (
    select counted.* exclude (only_role_id), only_role_id as role_id
    from counted
    where only_role_id is not null
    union all
    select counted.* exclude (only_role_id), role_groups.role_group_id as role_id
    from counted
    join core.taxonomy_role_groups as role_groups on counted.only_role_id = role_groups.role_id
    union all
    select counted.* exclude (only_role_id), 'all' as role_id
    from counted
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

sums as (
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
    from sums as named
    join sums as totals using (kind, role_id, country_code, language)
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

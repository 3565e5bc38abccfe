-- Openings by kind of source, the one role of their text (null: none, or several), country, language,
-- employer and what they name: a skill, a responsibility; with no concept, all that were read. A text
-- that hires for several roles doesn't say which of them it speaks of.
with texts as (
    select
        'stock' as kind,
        openings.opening_key as unit_key,
        hash(coalesce(openings.employer_key, digests.first_seen)) as employer_key,
        coalesce(contents.country_code, boards.country_code, 'unknown') as country_code,
        contents.content_hash,
        contents.roles as role_ids
    from core.openings as openings
    join core.spells as spells on openings.lead_spell_key = spells.spell_key
    join core.boards as boards using (board_key)
    join core.opening_digests as digests using (opening_key)
    join core.contents as contents on spells.last_content_hash = contents.content_hash
    where openings.is_counted
    union all
    select
        'flow' as kind,
        postings.posting_key as unit_key,
        hash(coalesce(postings.employer_key, concat_ws('/', newest.source, newest.board, newest.posting_id)))
            as employer_key,
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
        contents.language,
        contents.extractor_version,
        case when len(texts.role_ids) = 1 then texts.role_ids[1] end as only_role_id
    from texts
    join core.contents as contents using (content_hash)
    where contents.text_chars > 0
),

concepts as (
    select distinct
        read_texts.* exclude (content_hash, extractor_version),
        mentions.concept,
        mentions.concept_id
    from read_texts
    join core.mention_rows as mentions using (content_hash, extractor_version)
    where mentions.concept in ('skill', 'responsibility')
)

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

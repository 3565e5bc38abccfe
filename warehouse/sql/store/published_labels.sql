-- Postings by month and label, as the newest extraction of their first text has it. A thread's post
-- has the roles that its text hires for.
with postings as (
    {posting_months}
),

newest as (
    select content_hash, extractor_version, roles, hires_for
    from extract.results
    qualify row_number() over (partition by content_hash order by rowid desc) = 1
),

labels as (
    select
        postings.month,
        'role' as concept,
        unnest(case when postings.is_flow then newest.hires_for else newest.roles end) as concept_id,
        postings.postings
    from postings
    join newest using (content_hash)
    union all
    select
        postings.month,
        'skill',
        skills.concept_id,
        postings.postings
    from postings
    join (
        select distinct content_hash, concept_id
        from extract.mentions
        semi join newest using (content_hash, extractor_version)
        where concept = 'skill'
    ) as skills using (content_hash)
)

select month, concept, concept_id, sum(postings)::bigint as postings
from labels
group by all

-- Postings of a month's thread by role, country and employer, and how many of them are new openings.
with labelled as (
    select postings.*, labels.role_id
    from core.flow_postings as postings
    join core.labels as labels
        on postings.posting_key = labels.posting_key and labels.until_date = date 'infinity'
    union all
    select postings.*, 'all' as role_id
    from core.flow_postings as postings
)

select
    labelled.month,
    labelled.role_id,
    labelled.source,
    labelled.country_code,
    spans.counted_key as employer_key,
    count(*) as postings,
    count(*) filter (where not labelled.is_same_opening) as openings
from labelled
left join core.employer_spans as spans
    on labelled.employer_key = spans.employer_key
    and labelled.month >= spans.from_date
    and labelled.month < spans.to_date
group by labelled.month, labelled.role_id, labelled.source, labelled.country_code, spans.counted_key

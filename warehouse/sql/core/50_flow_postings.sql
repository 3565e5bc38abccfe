-- One row per posting of a monthly thread: it belongs to its month, nothing is active and nothing
-- closes. The same employer next month with the same roles and a like text is the same opening.
with postings as (
    select
        observations.posting_key,
        any_value(observations.board_key) as board_key,
        arg_max(observations.content_hash, observations.from_date) as content_hash
    from core.observations as observations
    where observations.kind = 'flow'
    group by observations.posting_key
),

described as (
    select
        postings.posting_key,
        postings.board_key,
        boards.source,
        boards.thread_month as month,
        coalesce(contents.country_code, 'unknown') as country_code,
        employers.employer_key,
        coalesce(contents.hires_for, []) as hires_for,
        contents.fingerprint
    from postings
    join core.boards as boards using (board_key)
    join core.contents as contents using (content_hash)
    left join core.employers as employers on contents.employer_text = employers.employer
    where boards.thread_month is not null
)

select
    described.*,
    coalesce(
        lag(month) over opening >= month - interval 1 month
        and coalesce(
            1 - bit_count(xor(fingerprint, lag(fingerprint) over opening)) / 64 >= rules.same_text_similarity,
            true
        ),
        false
    ) as is_same_opening
from described
cross join core.rules as rules
window opening as (
    partition by described.source, coalesce(described.employer_key, cast(described.posting_key as varchar)),
    described.hires_for
    order by described.month, described.posting_key
)

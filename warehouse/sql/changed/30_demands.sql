-- Every posting, as a digest, with digests of what it may share with others: its employer (or board)
-- and the words of a title it ever had; of a thread, its employer. What is one demand shares one.
with words as (
    select title, trim(regexp_replace(lower(title), '[^\p{L}\p{N}]+', ' ', 'g')) as words
    from (select distinct title from store.raw.contents)
)

select distinct
    hash(observations.source, observations.board, observations.posting_id) as posting,
    case boards.kind
        when 'flow' then hash(coalesce(employers.employer_key, observations.posting_id))
        else hash(coalesce(employers.employer_key, concat_ws('/', boards.source, boards.board)), words.words)
    end as demand
from store.raw.observations as observations
join store.raw.contents as contents using (content_hash)
join words using (title)
join core.described_boards as boards using (source, board)
left join core.employers as employers on coalesce(boards.employer, contents.employer_text) = employers.employer

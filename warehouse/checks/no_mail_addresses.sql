-- No mail address reaches the published file.
select source, board, posting_id, words
from (
    select source, board, posting_id, excerpt as words from mentions
    union all
    select source, board, posting_id, text as words from evidence
    union all
    select source, board, posting_id, title as words from postings
    union all
    select source, board, posting_id, location as words from postings
)
where regexp_matches(words, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]')

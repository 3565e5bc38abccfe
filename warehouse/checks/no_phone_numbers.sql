-- No telephone number reaches the published file (what is written like one: +81 3…, 03-1234-5678, (415) 555-0100).
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
where
    regexp_matches(
        words,
        '(^|[^0-9A-Za-z./=_-])(\+[0-9]{1,3}[ .()-]{0,2}[0-9]{1,4}([ .()-]{1,2}[0-9]{2,4}){2,3}'
        || '|0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}'
        || '|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4})([^0-9A-Za-z-]|$)'
    )

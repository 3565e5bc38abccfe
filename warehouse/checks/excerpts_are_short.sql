-- Quotations have at most 200 characters (method 4).
select source, board, posting_id, length(excerpt) as excerpt_chars, length(text) as text_chars
from mentions
where length(excerpt) > 200 or length(text) > 200
union all
select source, board, posting_id, 0 as excerpt_chars, length(text) as text_chars
from evidence
where length(text) > 200

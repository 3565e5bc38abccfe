-- Which postings are still listed though their source says that they have ended?
select source, board, posting_id, title, valid_through_date, first_seen_date
from postings
where is_past_valid_through
order by valid_through_date, source, board, posting_id

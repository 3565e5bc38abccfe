-- A posting closes after it was last seen, and is last seen no earlier than first.
select source, board, posting_id, first_seen_date, last_seen_date, closed_date
from postings
where closed_date <= last_seen_date or last_seen_date < first_seen_date

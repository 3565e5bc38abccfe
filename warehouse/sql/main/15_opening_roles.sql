-- One row per opening, role (or role group, or `all`) and stretch of days on which it was open with
-- that role; until_date is the first day without.
select
    opening_ids.opening_id,
    pieces.role_id,
    pieces.from_date,
    nullif(pieces.to_date, date 'infinity') as until_date,
    pieces.start_reason,
    pieces.end_reason
from core.opening_pieces as pieces
join core.opening_ids as opening_ids using (opening_key)
order by pieces.role_id, opening_ids.opening_id, pieces.from_date

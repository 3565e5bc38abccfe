-- One row per stretch of days in a row on which a board was listed, whole or in part.
select board_key, from_date, last_date
from core.stretches
where effective_status in ('ok', 'partial', 'suspect')

-- One row per posting, role (or role group) and stretch of days on which its text said so.
with postings as (
    select posting_key, any_value(board_key) as board_key, any_value(posting_id) as posting_id
    from core.observations
    group by posting_key
)

select
    boards.source,
    boards.board,
    postings.posting_id,
    labels.role_id,
    labels.from_date as label_from_date,
    nullif(labels.until_date, date 'infinity') as label_until_date,
    labels.until_date = date 'infinity' as is_current
from core.labels as labels
join postings using (posting_key)
join core.boards as boards using (board_key)
order by labels.posting_key, labels.role_id, labels.from_date

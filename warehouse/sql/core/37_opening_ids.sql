-- One row per opening with its public id: a digest of the posting and day it was first seen by, so
-- that it stays the same when later nights add postings to the opening.
select
    openings.opening_key,
    left(
        md5(concat_ws('/', boards.source, boards.board, observations.posting_id, spells.from_date)), 16
    ) as opening_id
from core.openings as openings
join core.spells as spells on openings.first_spell_key = spells.spell_key
join core.boards as boards using (board_key)
join (select posting_key, any_value(posting_id) as posting_id from core.observations group by all) as observations
    using (posting_key)

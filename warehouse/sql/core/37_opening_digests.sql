-- One row per opening with the posting and the day that it was first seen by, and a digest of 32 bits
-- of them.
select
    openings.opening_key,
    spells.from_date,
    concat_ws('/', boards.source, boards.board, observations.posting_id, spells.from_date) as first_seen,
    cast(md5_number_lower(first_seen) >> 32 as bigint) as digest
from core.openings as openings
join core.spells as spells on openings.first_spell_key = spells.spell_key
join core.boards as boards using (board_key)
join (
    select posting_key, any_value(posting_id) as posting_id from core.observations group by all
) as observations using (posting_key)

-- One row per opening with its public id: a digest of the posting and day it was first seen by, so
-- that it stays the same when later nights add postings to the opening. A digest of 32 bits and four
-- to tell apart those that share one, the earlier first: short, and exact in every client.
with digests as (
    select
        openings.opening_key,
        spells.from_date,
        cast(
            md5_number_lower(
                concat_ws('/', boards.source, boards.board, observations.posting_id, spells.from_date)
            ) >> 32 as bigint
        ) as digest
    from core.openings as openings
    join core.spells as spells on openings.first_spell_key = spells.spell_key
    join core.boards as boards using (board_key)
    join (
        select posting_key, any_value(posting_id) as posting_id from core.observations group by all
    ) as observations using (posting_key)
)

select
    opening_key,
    16 * digest + row_number() over (partition by digest order by from_date, opening_key) - 1 as opening_id
from digests

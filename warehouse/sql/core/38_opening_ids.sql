-- One row per opening with its public id: the digest of the posting and day it was first seen by, so
-- that it stays the same when later nights add postings to the opening, and four bits to tell apart
-- those that share one, the earlier first: short, and exact in every client.
with taken as (
    select opening_id // 16 as digest, max(opening_id % 16) + 1 as places
    from core.kept_openings
    where digest in (select digest from core.opening_digests)
    group by all
)

select
    digests.opening_key,
    16 * digest
    + row_number() over (partition by digest order by digests.from_date, digests.opening_key) - 1
    + coalesce(taken.places, 0) as opening_id
from core.opening_digests as digests
left join taken using (digest)

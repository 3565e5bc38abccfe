-- One row per spell with what makes it the same demand as another: employer, title and place as they
-- were when it was first seen, compared as lower-case words. A posting whose employer isn't known is
-- compared within its board only.
select
    spells.spell_key,
    spells.posting_key,
    spells.board_key,
    boards.is_direct,
    spells.from_date,
    spells.to_date,
    spells.end_reason,
    spells.requisition_id,
    first_contents.fingerprint as first_fingerprint,
    last_contents.fingerprint as last_fingerprint,
    employers.employer_key,
    hash(
        coalesce(employers.employer_key, cast(spells.board_key as varchar)),
        trim(regexp_replace(lower(first_contents.title), '[^\p{L}\p{N}]+', ' ', 'g')),
        trim(regexp_replace(lower(coalesce(first_contents.location, '')), '[^\p{L}\p{N}]+', ' ', 'g'))
    ) as demand_key
from core.spells as spells
join core.boards as boards using (board_key)
join core.contents as first_contents on spells.first_content_hash = first_contents.content_hash
join core.contents as last_contents on spells.last_content_hash = last_contents.content_hash
left join core.employers as employers
    on coalesce(boards.employer, first_contents.employer_text) = employers.employer

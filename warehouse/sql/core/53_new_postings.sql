-- One row per posting that was new in a month we watched: first seen on a board already in the panel,
-- or a post of a monthly thread. With each of its roles (`all`: the posting itself).
select
    spells.posting_key,
    'stock' as kind,
    cast(date_trunc('month', spells.from_date) as date) as month,
    members.employer_key,
    pieces.role_id
from core.posting_pieces as pieces
join core.spells as spells using (spell_key)
join core.opening_spells as members using (spell_key)
where pieces.is_counted and spells.spell = 1 and pieces.start_reason = 'new'
union all
select
    postings.posting_key,
    'flow' as kind,
    postings.month,
    postings.employer_key,
    unnest(['all'] || coalesce(labels.role_ids, [])) as role_id
from core.flow_postings as postings
left join (
    select posting_key, list(role_id) as role_ids
    from core.labels
    where until_date = date 'infinity'
    group by posting_key
) as labels using (posting_key)

-- One row per kind of source, role and skill over all postings ever seen with the role. `lift`: how
-- many times more often than among all postings.
select
    pairs.kind,
    pairs.role_id,
    pairs.skill_id,
    cast(pairs.postings as integer) as postings,
    cast(totals.postings as integer) as role_postings,
    pairs.postings / totals.postings as skill_share,
    (pairs.postings / totals.postings) / (whole.postings / whole_totals.postings) as lift
from sums.role_counts as pairs
join sums.role_counts as totals
    on pairs.kind = totals.kind and pairs.role_id = totals.role_id and totals.skill_id is null
join sums.role_counts as whole
    on pairs.kind = whole.kind and pairs.skill_id = whole.skill_id and whole.role_id = 'all'
join sums.role_counts as whole_totals
    on pairs.kind = whole_totals.kind and whole_totals.role_id = 'all' and whole_totals.skill_id is null
where pairs.skill_id is not null
order by pairs.kind, pairs.role_id, pairs.postings desc, pairs.skill_id

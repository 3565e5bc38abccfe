-- One row per month, kind of source, role and skill named by at least one new posting.
with counts as (
    select
        month,
        kind,
        role_id,
        skill_id,
        sum(new_postings) as new_postings,
        count(employer_key) as employers_hiring
    from sums.skill_counts
    group by all
)

select
    month,
    kind,
    role_id,
    named.skill_id,
    cast(named.new_postings as integer) as new_postings,
    cast(named.employers_hiring as integer) as employers_hiring,
    cast(totals.new_postings as integer) as role_new_postings,
    named.new_postings / totals.new_postings as skill_share
from counts as named
join (from counts where skill_id is null) as totals using (month, kind, role_id)
where named.skill_id is not null
order by kind, role_id, named.skill_id, month

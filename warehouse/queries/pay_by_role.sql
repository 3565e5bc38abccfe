-- What yearly pay is stated, by role and currency? (Only where at least 5 employers state it.)
select
    labels.role_id,
    postings.salary_currency,
    count(*) as postings,
    count(distinct postings.employer) as employers,
    median(coalesce((postings.salary_min + postings.salary_max) / 2, postings.salary_min, postings.salary_max)) as median_pay
from postings
join posting_roles as labels using (source, board, posting_id)
where labels.is_current and postings.salary_period = 'year' and postings.salary_currency is not null
group by labels.role_id, postings.salary_currency
having count(distinct postings.employer) >= 5
order by labels.role_id, postings.salary_currency

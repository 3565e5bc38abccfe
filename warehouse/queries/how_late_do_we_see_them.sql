-- How many days after its posted date do we first see a posting?
select
    least(greatest(posted_lag_days, -1), 30) as lag_days,
    count(*) as postings
from postings
where not is_baseline and posted_lag_days is not null
group by lag_days
order by lag_days

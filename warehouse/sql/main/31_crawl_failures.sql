-- One row per night and class of failure.
select crawl_date, coalesce(failure_class, 'unknown') as failure_class, cast(count(*) as integer) as boards
from core.snapshots
where status = 'failed'
group by all
order by all

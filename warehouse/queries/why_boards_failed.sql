-- Why did boards fail in the last 30 nights?
select failure_class, sum(boards) as board_nights, count(*) as nights, max(crawl_date) as newest_crawl_date
from crawl_failures
where crawl_date > (select as_of_date - 30 from about)
group by failure_class
order by board_nights desc, failure_class

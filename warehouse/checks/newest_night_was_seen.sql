-- The newest night saw at least 80 % of the boards, weighted by their postings (method 2.8, 3.2).
select crawl_date, boards, ok_boards, failed_boards, board_coverage_share, weight_coverage_share
from crawl_nights
where
    crawl_date = (select as_of_date from about)
    and coalesce(weight_coverage_share, board_coverage_share, 0) < 0.8

-- How much of the panel did each of the last 30 nights see?
select crawl_date, is_crawled, ok_boards, partial_boards, suspect_boards, failed_boards, gone_boards, board_coverage_share, weight_coverage_share
from crawl_nights
order by crawl_date desc
limit 30

-- Postings by their first text and the month in which they were first listed; a thread's posts
-- are of the thread's month.
with firsts as (
    select
        source,
        board,
        arg_min(content_hash, crawl_date) as content_hash,
        strftime(min(crawl_date), '%Y-%m') as first_month
    from raw.observations
    where is_listed
    group by source, board, posting_id
)

select
    firsts.content_hash,
    case boards.kind when 'flow' then firsts.board else firsts.first_month end as month,
    boards.kind = 'flow' as is_flow,
    count(*) as postings
from firsts
join raw.boards as boards using (source, board)
group by all

-- The employer that the registry names for a content: of the board that listed it first.
select
    observations.content_hash,
    arg_min(coalesce(boards.employer, boards.board), observations.crawl_date) as employer
from raw.observations
join raw.boards using (source, board)
where boards.kind = 'stock'
group by observations.content_hash

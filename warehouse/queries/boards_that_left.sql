-- Which boards left the panel, and with how many openings?
select boards.source, boards.board, boards.panel_exit_date, boards.panel_exit_reason, count(postings.posting_id) as postings
from boards
left join postings
    on boards.source = postings.source
    and boards.board = postings.board
    and boards.panel_exit_date = postings.panel_exit_date
where boards.panel_exit_date is not null
group by all
order by boards.panel_exit_date desc, boards.source, boards.board
limit 20

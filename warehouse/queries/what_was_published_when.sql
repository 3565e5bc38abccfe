-- On which days did we publish, and what set each file apart from the one before?
select published_date, as_of_date, boards_in_panel, revision_cause
from publications
order by published_date desc
limit 20

-- Which published figures of all countries have we changed since, and why?
select table_name, period_start_date, role_id, column_name, first_figure, figure_now, revised_date, revision_cause
from revisions
where country_code = 'all' and source = 'all'
order by revised_date desc, table_name, period_start_date, role_id, column_name
limit 20

-- A flow has no stock: nothing of a monthly thread is active or closes, and threads are never in `all`.
select source, board, posting_id, cast(closed_date as varchar) as what
from postings
where kind = 'flow' and (is_active or closed_date is not null)
union all
select source, cast(month as varchar) as board, role_id as posting_id, 'monthly' as what
from role_demand_monthly
where kind = 'flow' and (active_openings is not null or source = 'all')

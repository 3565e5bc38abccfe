-- What would naive counting have said, and how much of it is boards that came and went?
select period_start_date, demand_index, naive_index, panel_entry_openings, panel_exit_openings
from role_index('all')
order by period_start_date

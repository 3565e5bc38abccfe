-- Has demand for VPoEs grown on the boards that we have watched all along?
select period_start_date, demand_index, link, matched_boards, matched_openings_before, matched_openings, naive_index
from role_index('vp_engineering')
order by period_start_date

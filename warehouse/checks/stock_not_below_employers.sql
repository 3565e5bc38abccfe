-- No stock is negative, and openings are at least as many as the employers behind them.
select day, role_id, source, country_code, active_openings, active_postings, employers_hiring
from role_demand_daily
where employers_hiring < 0 or active_openings < employers_hiring or active_postings < active_openings

-- How many VPoE openings are new each month, with 95 % intervals?
select month, new_openings, new_openings_low, new_openings_high, employers_hiring, boards_in_panel, is_provisional
from (select period_start_date as month, * from role_trend('vp_engineering'))
order by month

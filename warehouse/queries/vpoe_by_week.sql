-- How does the stock of VPoE openings move from week to week?
select period_start_date as week, active_openings, employers_hiring, share_per_10000, share_low, share_high, imputed_share
from role_trend('vp_engineering', period := 'week')
order by week

-- What did we say about VPoEs a week ago?
select month, period_end_date, active_openings, new_openings, is_provisional
from as_of((select as_of_date - 7 from about))
where role_id = 'vp_engineering' and kind = 'stock' and source = 'all' and country_code = 'all'
order by month

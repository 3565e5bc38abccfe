-- How many new openings for VPoEs are there for each new one for an engineering manager?
select month, new_openings, other_new_openings, new_openings_ratio
from compare_roles('vp_engineering', 'engineering_manager')
order by month

-- How does demand for VPoEs compare with that for CTOs, month by month?
select month, active_openings, other_active_openings, new_openings, other_new_openings, new_openings_ratio
from compare_roles('vp_engineering', 'cto')
order by month

-- Which leadership roles are in demand tonight, compared with each other?
select demand.role_id, roles.preferred_label_en, demand.active_openings, demand.employers_hiring, demand.share_per_10000
from role_demand_daily as demand
join roles using (role_id)
where
    demand.day = (select as_of_date from about)
    and demand.source = 'all'
    and demand.country_code = 'all'
    and demand.role_id in (
        'vp_engineering', 'vp_technology', 'cto', 'head_of_engineering', 'director_engineering', 'vp_product', 'cpo'
    )
order by demand.active_openings desc, demand.role_id

-- A role has no more openings than all roles together, and its share is between 0 and 10,000.
select day, role_id, source, country_code, active_openings, all_active_openings, share_per_10000
from role_demand_daily
where
    active_openings > all_active_openings
    or not coalesce(share_per_10000 between 0 and 10000, true)
    or not coalesce(imputed_share between 0 and 1, true)

-- Nothing opens and nothing closes on a day on which no board was seen whole.
select day, role_id, source, country_code, new_openings, closed_openings
from role_demand_daily
where boards_observed = 0 and new_openings + closed_openings > 0 and source <> 'all'

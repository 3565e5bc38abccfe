-- Nothing opens on a night that listed nothing, and nothing closes on a day on which no board was seen whole.
select demand.day, demand.role_id, demand.country_code, demand.new_openings, demand.closed_openings
from role_demand_daily as demand
join crawl_nights as nights on demand.day = nights.crawl_date
where
    demand.source = 'all'
    and (
        (demand.closed_openings > 0 and demand.boards_observed = 0)
        or (
            demand.new_openings > 0
            and nights.ok_boards + nights.partial_boards + nights.suspect_boards = 0
        )
    )

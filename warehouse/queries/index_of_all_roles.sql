-- Did the whole market grow, or the VPoE against the market?
select
    mine.period_start_date,
    mine.demand_index as vpoe_index,
    market.demand_index as market_index,
    mine.demand_index / market.demand_index as relative_index
from role_index('vp_engineering') as mine
join role_index('all') as market on mine.period_start_date = market.period_start_date
order by mine.period_start_date

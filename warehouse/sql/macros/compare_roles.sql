-- Two roles by month: openings, employers and new openings of each, and how many openings of the
-- first there are for one of the second. From the same boards, so the panel touches both alike.
(role, other_role, of_source := 'all', of_country := 'all') as table
select
    mine.month,
    mine.kind,
    mine.active_openings,
    other.active_openings as other_active_openings,
    mine.employers_hiring,
    other.employers_hiring as other_employers_hiring,
    mine.new_openings,
    other.new_openings as other_new_openings,
    mine.new_openings / nullif(other.new_openings, 0) as new_openings_ratio,
    mine.boards_in_panel,
    mine.is_provisional
from role_demand_monthly as mine
join role_demand_monthly as other
    on mine.month = other.month
    and mine.kind = other.kind
    and mine.source = other.source
    and mine.country_code = other.country_code
    and other.role_id = other_role
where mine.role_id = role and mine.source = of_source and mine.country_code = of_country
order by mine.month

-- One row per row of role_index that ever was published, and the days from which until before which it
-- was the published one. A row that stays as it is costs nothing.
with before as (
    select
        vintages.* exclude (published_to_date),
        case when vintages.published_to_date < published.published_date then vintages.published_to_date end
            as published_to_date
    from temp.before_role_index_vintages as vintages
    join temp.published as published on vintages.published_from_date < published.published_date
),

unchanged as (
    select * from role_index
    intersect
    select * exclude (published_from_date, published_to_date) from before where published_to_date is null
)

select * from before where published_to_date is not null
union all
select * from (select * from before where published_to_date is null)
semi join unchanged using (period_start_date, role_id, kind, source, country_code)
union all
select ended.* exclude (published_to_date), published.published_date as published_to_date
from (select * from before where published_to_date is null) as ended
anti join unchanged using (period_start_date, role_id, kind, source, country_code)
cross join temp.published as published
union all
select changed.*, published.published_date as published_from_date, null as published_to_date
from role_index as changed
anti join unchanged using (period_start_date, role_id, kind, source, country_code)
cross join temp.published as published
order by role_id, kind, source, country_code, period_start_date, published_from_date

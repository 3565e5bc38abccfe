-- role_index as it was published on a day.
(on_date) as table
select * exclude (published_from_date, published_to_date)
from role_index_vintages
where
    published_from_date <= cast(on_date as date)
    and coalesce(published_to_date, date 'infinity') > cast(on_date as date)
order by role_id, kind, source, country_code, period_start_date

-- What counts as published now is what the tables hold (method 2.5).
(
    (select * from role_demand_monthly except select * from as_of((select max(published_date) from publications)))
    union all
    (select * from as_of((select max(published_date) from publications)) except select * from role_demand_monthly)
)
union all by name
(
    (select * from role_index except select * from index_as_of((select max(published_date) from publications)))
    union all
    (select * from index_as_of((select max(published_date) from publications)) except select * from role_index)
)

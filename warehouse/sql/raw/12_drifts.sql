-- What a board's rows carried on a night unlike on the nights before: a field that was always there,
-- a key that is new or lost, the language of the titles (method 3.3).
create table if not exists raw.drifts (
    crawl_date date not null,
    source varchar not null,
    board varchar not null,
    name varchar not null,
    usual_share double not null,
    share double not null,
    primary key (crawl_date, source, board, name)
)

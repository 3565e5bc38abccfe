-- What was purged because its board or employer asked for it: the proof, a row a board and night.
create table if not exists raw.purges (
    crawl_date date not null,
    source varchar not null,
    board varchar not null,
    texts integer not null,
    primary key (crawl_date, source, board)
)

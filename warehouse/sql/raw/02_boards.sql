-- The registry as the newest crawl knew it: one row a board, flow threads included.
create table if not exists raw.boards (
    source varchar not null,
    board varchar not null,
    employer varchar,
    country_code varchar,
    kind varchar not null,
    closes_after integer not null,
    discovery_reason varchar not null,
    added_date date not null,
    retired_date date,
    primary key (source, board)
)

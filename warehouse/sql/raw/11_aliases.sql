-- What a board calls a posting since it numbered all of them anew; the posting keeps its first id.
create table if not exists raw.aliases (
    source varchar not null,
    board varchar not null,
    alias varchar not null,
    posting_id varchar not null,
    crawl_date date not null,
    primary key (source, board, alias)
)

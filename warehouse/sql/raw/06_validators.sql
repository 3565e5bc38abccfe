-- What a conditional request needs: the validators of the newest body that was parsed whole.
create table if not exists raw.validators (
    source varchar not null,
    board varchar not null,
    url varchar not null,
    crawl_date date not null,
    etag varchar,
    last_modified varchar,
    body_hash varchar not null,
    parser_version varchar not null,
    primary key (source, board, url)
)

-- What one night saw on one board: exactly one status (method 2.1).
create table if not exists raw.snapshots (
    crawl_date date not null,
    source varchar not null,
    board varchar not null,
    status varchar not null,
    failure_class varchar,
    reason varchar,
    fetched_at timestamp not null,
    declared_postings integer,
    parsed_postings integer not null,
    invalid_postings integer not null,
    is_declared_empty boolean not null,
    is_not_modified boolean not null,
    requests integer not null,
    body_bytes bigint not null,
    body_hash varchar,
    parser_version varchar,
    field_counts varchar,
    primary key (crawl_date, source, board)
);
-- The answer's own Date; null where nothing was sent (304) or it had none.
alter table raw.snapshots add column if not exists answered_at timestamp

-- One row for each change in what a board lists: a posting stands as its newest row says, on every
-- snapshot from that row's crawl_date until its next row. Nights that change nothing cost nothing.
create table if not exists raw.observations (
    crawl_date date not null,
    source varchar not null,
    board varchar not null,
    posting_id varchar not null,
    is_listed boolean not null,
    content_hash varchar,
    url varchar,
    requisition_id varchar,
    posted_date date,
    valid_through_date date,
    revision varchar,
    primary key (source, board, posting_id, crawl_date)
)

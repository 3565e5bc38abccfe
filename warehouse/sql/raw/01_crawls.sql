-- One row a night: what was planned, when it ran, how it ended. All stamps UTC.
create table if not exists raw.crawls (
    crawl_date date primary key,
    started_at timestamp not null,
    finished_at timestamp,
    planned_boards integer not null,
    exit_code integer,
    report varchar
)

-- What the extractor said about a content: one row for each content and extractor version.
create table if not exists extract.results (
    content_hash varchar not null,
    extractor_version varchar not null,
    language varchar not null,
    roles varchar [] not null,
    is_grade boolean not null,
    is_candidate boolean not null,
    hires_for varchar [] not null,
    salary_min double,
    salary_max double,
    salary_currency varchar,
    salary_period varchar,
    location varchar,
    country_code varchar,
    is_remote boolean,
    employment_type varchar,
    reports_to varchar [] not null,
    team_size_min integer,
    team_size_max integer,
    text_chars integer not null,
    text_fingerprint varchar,
    primary key (content_hash, extractor_version)
)

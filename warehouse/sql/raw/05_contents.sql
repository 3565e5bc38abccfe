-- The text of a posting at one time, stored once by its hash, scrubbed of contacts before storage.
create table if not exists raw.contents (
    content_hash varchar primary key,
    first_crawl_date date not null,
    title varchar not null,
    description_html varchar,
    employer_text varchar,
    location_text varchar,
    department varchar,
    employment_type_text varchar,
    salary_text varchar,
    language_hint varchar
)

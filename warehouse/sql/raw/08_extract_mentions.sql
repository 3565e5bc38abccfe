-- The evidence: one row for each span that something was read from. Offsets are Python string
-- offsets into the field; excerpt is the sentence around it, at most 200 characters.
create table if not exists extract.mentions (
    content_hash varchar not null,
    extractor_version varchar not null,
    concept varchar not null,
    concept_id varchar not null,
    mention_kind varchar,
    field varchar not null,
    start_char integer not null,
    end_char integer not null,
    text varchar not null,
    excerpt varchar
)

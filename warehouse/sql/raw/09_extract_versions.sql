-- What each extractor version was: its rules and its vocabulary. A version of the same rules whose
-- vocabulary can't have changed a content keeps what was said about it.
create table if not exists extract.versions (
    extractor_version varchar primary key,
    code_version varchar not null,
    taxonomy varchar not null -- JSON: the text of each CSV file by its name
)

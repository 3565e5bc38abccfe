-- One row per employer name as written, with the name it is counted under: lower-case words without
-- the legal form, of the employer that the name always stood for.
with names as (
    select employer from core.described_boards where employer is not null
    union
    select employer_text as employer from store.raw.contents where employer_text is not null
    union
    select unnest([alias, employer]) as employer from core.employer_aliases
),

words as (
    select
        employer,
        trim(regexp_replace(lower(employer), '[^\p{L}\p{N}]+', ' ', 'g')) as words
    from names
),

bare as (
    select
        employer,
        words,
        trim(regexp_replace(
            words,
            '^(株式会社|合同会社|有限会社)|(株式会社|合同会社|有限会社)$'
            || '|( (inc|incorporated|llc|ltd|limited|corp|corporation|gmbh|co|kk|k k|plc|ag|sa|bv|ab))+$',
            '', 'g'
        )) as name
    from words
),

keys as (
    select employer, coalesce(nullif(name, ''), words) as employer_key from bare where words <> ''
),

renamed as (
    select old.employer_key, keys.employer_key as counted_key
    from core.employer_aliases as aliases
    join keys as old on aliases.alias = old.employer
    join keys on aliases.employer = keys.employer
    where aliases.valid_from_date is null and aliases.valid_to_date is null
)

select keys.employer, coalesce(renamed.counted_key, keys.employer_key) as employer_key
from keys
left join renamed using (employer_key)

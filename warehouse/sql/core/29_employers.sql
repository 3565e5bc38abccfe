-- One row per employer name as written, with the name it is counted under: lower-case words without
-- the legal form.
with names as (
    select employer from core.boards where employer is not null
    union
    select employer_text as employer from core.contents where employer_text is not null
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
)

select employer, coalesce(nullif(name, ''), words) as employer_key from bare where words <> ''

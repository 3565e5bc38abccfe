-- One row per content: what the source says in short fields, and what the newest extraction says.
-- The newest extractor version is the one written last.
with results as (
    select
        content_hash,
        extractor_version,
        language,
        roles,
        hires_for,
        is_grade,
        is_candidate,
        salary_min,
        salary_max,
        salary_currency,
        salary_period,
        location,
        country_code,
        is_remote,
        employment_type,
        reports_to,
        team_size_min,
        team_size_max,
        text_chars,
        cast('0x' || text_fingerprint as ubigint) as fingerprint
    from core.result_rows
    qualify row_number() over (partition by content_hash order by store_row desc) = 1
)

select
    contents.content_hash,
    contents.title,
    contents.employer_text,
    coalesce(results.location, contents.location_text) as location,
    results.* exclude (content_hash, location)
from core.content_rows as contents
left join results using (content_hash)

-- One row per day on which a file was published. `revision_cause`: what set it apart from the one
-- before, so why a figure that it changed was changed.
with tonight as (
    select
        published.published_date,
        about.as_of_date,
        about.extractor_versions,
        (
            select string_agg(distinct code_version, ', ' order by code_version)
            from store.extract.versions
            where extractor_version in (select extractor_version from sums.extractions)
        ) as code_versions,
        published.rules_version,
        about.boards_in_panel,
        (select count(*) from store.raw.observations) as observations
    from temp.published as published
    cross join about
),

earlier as (
    select before.*
    from temp.before_publications as before
    join temp.published as published on before.published_date < published.published_date
),

newest as (
    select * from earlier order by published_date desc limit 1
)

select * from earlier
union all by name
select
    tonight.*,
    case
        when newest.published_date is null then null
        when tonight.rules_version <> newest.rules_version then 'rule_change'
        when
            tonight.extractor_versions <> newest.extractor_versions
            and tonight.code_versions = newest.code_versions then 'taxonomy_change'
        when tonight.extractor_versions is distinct from newest.extractor_versions then 'relabel'
        when
            newest.observations <> (
                select count(*)
                from store.raw.observations as observations
                where observations.crawl_date <= newest.as_of_date
            ) then 'late_parse'
        else 'source_retro'
    end as revision_cause
from tonight
left join newest on true
order by published_date

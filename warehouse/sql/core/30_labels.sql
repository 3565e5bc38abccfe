-- One row per posting, role (or role group) and stretch of days on which its text said so. A change
-- of text in place ends one label and starts another; it is no new posting (fault 65). The newest
-- extraction labels all texts, old and new, so that a better extractor moves both sides of a change.
with versions as (
    select
        observations.posting_key,
        observations.from_date,
        case observations.kind when 'flow' then contents.hires_for else contents.roles end as role_ids
    from core.observations as observations
    join core.contents as contents using (content_hash)
    window posting as (partition by observations.posting_key order by observations.from_date)
    qualify role_ids is distinct from lag(role_ids) over posting
        or row_number() over posting = 1
),

stretches as (
    select
        posting_key,
        from_date,
        coalesce(
            lead(from_date) over (partition by posting_key order by from_date), date 'infinity'
        ) as until_date,
        role_ids
    from versions
),

roles as (
    select distinct
        posting_key,
        from_date,
        until_date,
        unnest(role_ids) as role_id
    from stretches
)

select * from roles
union
select
    roles.posting_key,
    roles.from_date,
    roles.until_date,
    role_groups.role_group_id as role_id
from roles
join core.taxonomy_role_groups as role_groups using (role_id)

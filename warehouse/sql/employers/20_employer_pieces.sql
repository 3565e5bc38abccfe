-- The openings of these employers that reach into the days that changed, from the day before on: what
-- they were before that is the same in both files.
select
    openings.employer_key,
    roles.role_id,
    openings.source,
    coalesce(openings.country_code, 'unknown') as country_code,
    greatest(roles.from_date, changed.since - 1) as from_date,
    coalesce(roles.until_date, date 'infinity') as to_date
from (
    select *
    from core.published_opening_roles
    where
        coalesce(until_date, date 'infinity')
        >= (select coalesce(min(since), date 'infinity') - 1 from core.changed_employers)
) as roles
join core.published_openings as openings using (opening_id)
join core.changed_employers as changed using (employer_key, role_id)
where to_date >= changed.since - 1

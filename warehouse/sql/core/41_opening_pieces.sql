-- One row per opening, role and stretch of days on which it was open with that role: the pieces of
-- its postings, joined where they touch. The reasons are those of the opening as a whole; where only
-- the role begins or ends, the opening was relabelled.
with counted as (
    select * from core.posting_pieces where is_counted
),

-- Most openings show a role once: only the others are searched for pieces that touch.
repeated as (
    select opening_key, role_id from counted group by all having count(*) > 1
),

marked as (
    select
        *,
        coalesce(
            from_date > max(to_date) over (
                partition by opening_key, role_id order by from_date, spell_key
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_start
    from counted
    semi join repeated using (opening_key, role_id)
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by opening_key, role_id order by from_date, spell_key
        ) as stretch
    from marked
),

stretches as (
    select
        opening_key,
        role_id,
        stretch,
        any_value(employer_key) as employer_key,
        any_value(source) as source,
        any_value(country_code) as country_code,
        min(from_date) as from_date,
        max(to_date) as to_date,
        min(start_reason) filter (where is_start) as start_reason,
        arg_max_null(end_reason, to_date) as end_reason
    from numbered
    group by all
    union all
    select
        opening_key,
        role_id,
        1 as stretch,
        employer_key,
        source,
        country_code,
        from_date,
        to_date,
        start_reason,
        end_reason
    from counted
    anti join repeated using (opening_key, role_id)
),

whole as (
    select
        opening_key,
        from_date,
        to_date,
        case
            when start_reason = 'entry' then 'entry'
            when stretch = 1 then 'new'
            else 'reopened'
        end as start_reason,
        end_reason
    from stretches
    where role_id = 'all'
)

select
    stretches.opening_key,
    stretches.role_id,
    stretches.employer_key,
    stretches.source,
    stretches.country_code,
    stretches.from_date,
    stretches.to_date,
    -- until when nothing flags it (method 2.7)
    case
        when openings.is_evergreen or openings.is_often_reposted then stretches.from_date
        else greatest(
            stretches.from_date,
            least(stretches.to_date, openings.first_seen_date + cast(rules.stale_days as integer))
        )
    end as unflagged_to_date,
    coalesce(starts.start_reason, 'relabelled') as start_reason,
    case
        when stretches.to_date = date 'infinity' then null
        else coalesce(ends.end_reason, 'relabelled')
    end as end_reason
from stretches
join core.openings as openings on stretches.opening_key = openings.opening_key
cross join core.rules as rules
left join whole as starts
    on stretches.opening_key = starts.opening_key and stretches.from_date = starts.from_date
left join whole as ends
    on stretches.opening_key = ends.opening_key and stretches.to_date = ends.to_date

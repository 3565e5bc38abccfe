-- Employers and roles whose openings are others than before, and the first day on which they are; with
-- an employer, all that count as the same one at some time.
with events as (
    select employer_key, role_id, source, country_code, from_date as day, 1 as step from core.after_pieces
    union all
    select employer_key, role_id, source, country_code, to_date as day, -1 as step from core.after_pieces
    union all
    select employer_key, role_id, source, country_code, from_date as day, -1 as step from core.before_pieces
    union all
    select employer_key, role_id, source, country_code, to_date as day, 1 as step from core.before_pieces
),

changes as (
    select employer_key, role_id, source, country_code, day
    from events
    group by all
    having sum(step) <> 0
)

select others.employer_key, changes.role_id, min(changes.day) as since
from changes
join core.employer_spans as spans using (employer_key)
join core.employer_spans as others on spans.counted_key = others.counted_key
group by all

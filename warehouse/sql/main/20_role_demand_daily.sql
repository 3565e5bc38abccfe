-- One row per day, role and slice, from the first day on which the slice held the role.
with slices as (
    select role_id, source, country_code, min(day) as first_day
    from (
        select day, role_id, source, country_code from sums.changes
        union all
        select day, role_id, source, country_code from sums.employer_changes
    )
    where day <= (select as_of_date from core.clock)
    group by all
),

days as (
    select
        slices.role_id,
        slices.source,
        slices.country_code,
        cast(unnest(generate_series(slices.first_day, clock.as_of_date, interval 1 day)) as date) as day
    from slices
    cross join core.clock as clock
),

running as (
    select
        days.day,
        days.role_id,
        days.source,
        days.country_code,
        coalesce(sum(changes.openings) over so_far, 0) as active_openings,
        coalesce(sum(changes.unflagged_openings) over so_far, 0) as unflagged_openings,
        coalesce(sum(changes.postings) over so_far, 0) as active_postings,
        coalesce(sum(changes.imputed_postings) over so_far, 0) as imputed_postings,
        coalesce(sum(employers.employers) over so_far, 0) as employers_hiring,
        coalesce(changes.new_openings, 0) as new_openings,
        coalesce(changes.reopened_openings, 0) as reopened_openings,
        coalesce(changes.panel_entry_openings, 0) as panel_entry_openings,
        coalesce(changes.closed_openings, 0) as closed_openings,
        coalesce(changes.panel_exit_openings, 0) as panel_exit_openings,
        coalesce(changes.relabelled_openings, 0) as relabelled_openings,
        coalesce(changes.new_postings, 0) as new_postings,
        coalesce(changes.closed_postings, 0) as closed_postings
    from days
    left join sums.changes as changes using (day, role_id, source, country_code)
    left join sums.employer_changes as employers using (day, role_id, source, country_code)
    window so_far as (
        partition by days.role_id, days.source, days.country_code order by days.day
    )
)

select
    running.day,
    running.role_id,
    running.source,
    running.country_code,
    cast(running.active_openings as integer) as active_openings,
    cast(running.unflagged_openings as integer) as unflagged_openings,
    cast(running.active_postings as integer) as active_postings,
    cast(running.employers_hiring as integer) as employers_hiring,
    cast(running.new_openings as integer) as new_openings,
    cast(running.reopened_openings as integer) as reopened_openings,
    cast(running.panel_entry_openings as integer) as panel_entry_openings,
    cast(running.closed_openings as integer) as closed_openings,
    cast(running.panel_exit_openings as integer) as panel_exit_openings,
    cast(running.relabelled_openings as integer) as relabelled_openings,
    cast(running.new_postings as integer) as new_postings,
    cast(running.closed_postings as integer) as closed_postings,
    cast(whole.active_openings as integer) as all_active_openings,
    cast(whole.new_openings as integer) as all_new_openings,
    10000 * running.active_openings / nullif(whole.active_openings, 0) as share_per_10000,
    running.imputed_postings / nullif(running.active_postings, 0) as imputed_share,
    cast(boards.boards_observed as integer) as boards_observed,
    cast(boards.boards_in_panel as integer) as boards_in_panel,
    running.day > clock.as_of_date - cast(rules.provisional_nights as integer) as is_provisional
from running
join running as whole
    on running.day = whole.day
    and running.source = whole.source
    and running.country_code = whole.country_code
    and whole.role_id = 'all'
left join core.board_days as boards on running.day = boards.day and running.source = boards.source
cross join core.clock as clock
cross join core.rules as rules
order by running.role_id, running.source, running.country_code, running.day

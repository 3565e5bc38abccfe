-- One row per run and spell of its board in the panel: when the posting was last seen, on which ok
-- night it was first absent, and on which night enough ok absences had come together to close it.
with sightings as (
    select
        runs.posting_key,
        runs.board_key,
        panels.panel_spell,
        panels.entry_date,
        panels.exit_date,
        boards.closes_after,
        greatest(runs.run_from, panels.entry_date) as seen_from,
        coalesce(runs.run_until, date 'infinity') as run_until,
        runs.first_content_hash,
        runs.last_content_hash,
        runs.valid_through_date,
        runs.requisition_id
    from core.runs as runs
    join core.boards as boards using (board_key)
    join core.panels as panels
        on runs.board_key = panels.board_key
        and runs.run_from < coalesce(panels.exit_date, date 'infinity')
        and coalesce(runs.run_until, date 'infinity') > panels.entry_date
),

-- The first ok night that came without it, as a number among the board's ok nights.
absences as (
    select
        sightings.*,
        case when ok_runs.board_key is not null then greatest(sightings.run_until, ok_runs.from_date) end
            as absence_date,
        ok_runs.panel_spell as absence_spell,
        ok_runs.nights_before + (absence_date - ok_runs.from_date) as absence_number
    from sightings
    asof left join core.ok_runs as ok_runs
        on sightings.board_key = ok_runs.board_key and sightings.run_until <= ok_runs.last_date
)

select
    absences.* exclude (absence_spell, absence_number),
    least(
        listing_runs.last_date,
        case when absences.run_until < date 'infinity' then absences.run_until - 1 end,
        absences.exit_date - 1
    ) as last_seen_date,
    closings.from_date + cast(absences.absence_number + absences.closes_after - 1 - closings.nights_before as integer)
        as confirmed_date
from absences
asof left join core.listing_runs as listing_runs
    on absences.board_key = listing_runs.board_key and absences.run_until > listing_runs.from_date
left join core.ok_runs as closings
    on absences.board_key = closings.board_key
    and absences.absence_spell = closings.panel_spell
    and absences.absence_number + absences.closes_after - 1 >= closings.nights_before
    and absences.absence_number + absences.closes_after - 1
    <= closings.nights_before + (closings.last_date - closings.from_date)

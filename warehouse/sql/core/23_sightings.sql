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

listings as (
    select board_key, crawl_date from core.snapshots where effective_status in ('ok', 'partial', 'suspect')
)

select
    sightings.*,
    least(listings.crawl_date, sightings.exit_date - 1) as last_seen_date,
    absences.crawl_date as absence_date,
    closings.crawl_date as confirmed_date
from sightings
asof left join listings
    on sightings.board_key = listings.board_key and sightings.run_until > listings.crawl_date
asof left join core.ok_nights as absences
    on sightings.board_key = absences.board_key and sightings.run_until <= absences.crawl_date
left join core.ok_nights as closings
    on absences.board_key = closings.board_key
    and absences.panel_spell = closings.panel_spell
    and absences.night_number + sightings.closes_after - 1 = closings.night_number

-- One row: what this file was built from.
select
    clock.first_date,
    clock.as_of_date,
    clock.first_stock_date,
    rules.provisional_nights,
    (select count(*) from core.boards where kind = 'stock') as stock_boards,
    (select count(thread_month) from core.boards) as flow_boards,
    (select count(*) from core.panels where exit_date is null) as boards_in_panel,
    (select count(*) from store.raw.contents) as contents,
    (select cast(coalesce(sum(contents), 0) as bigint) from sums.extractions where extractor_version is null) as unextracted_contents,
    (select string_agg(extractor_version, ', ' order by extractor_version) from sums.extractions)
        as extractor_versions
from core.clock as clock
cross join core.rules as rules

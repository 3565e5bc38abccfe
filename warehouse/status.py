"""How the last nights went, read from the store: for the operator, before anything is published."""

from typing import Any

import duckdb

from warehouse.errors import NotPublishedError
from warehouse.workspace import Workspace

NIGHTS = 14  # shown
COLUMNS = (
    *("night", "boards", "ok", "partial", "suspect", "failed", "unvisited", "drifts", "failures"),
    "exit",
)
SQL = """
    with nights as (
        select
            crawl_date,
            count(*) filter (where status = 'ok') as ok,
            count(*) filter (where status = 'partial') as partial,
            count(*) filter (where status = 'suspect') as suspect,
            count(*) filter (where status = 'failed') as failed
        from raw.snapshots
        group by all
    ),
    classes as (
        select crawl_date, string_agg(failure_class || ' ' || boards, ', ' order by boards desc) as failures
        from (
            select crawl_date, failure_class, count(*) as boards
            from raw.snapshots
            where status = 'failed'
            group by all
        ) as counted
        group by all
    )
    select
        crawl_date,
        planned_boards,
        coalesce(ok, 0),
        coalesce(partial, 0),
        coalesce(suspect, 0),
        coalesce(failed, 0),
        greatest(0, planned_boards - coalesce(ok + partial + suspect + failed, 0)),
        (select count(*) from raw.drifts where drifts.crawl_date = crawls.crawl_date),
        failures,
        exit_code
    from raw.crawls
    left join nights using (crawl_date)
    left join classes using (crawl_date)
    order by crawl_date desc
    limit ?
"""  # fmt: skip


FIELD_COLUMNS = ("source", "what", "boards", "share", "drifts", "newest drift")
FIELDS = """
    -- As each board's rows were when they were last read, added up by source.
    with newest as (
        select source, board, cast(cast(field_counts as json) as map(varchar, integer)) as counts
        from raw.snapshots
        where field_counts is not null and status in ('ok', 'suspect')
        qualify row_number() over (partition by source, board order by crawl_date desc) = 1
    ),
    shapes as (
        select source, board, counts, unnest(map_keys(counts)) as name from newest
    ),
    shares as (
        select
            source,
            name,
            count(*) as boards,
            sum(counts[name]) as part
        from shapes
        where name not in ('postings', 'rows')
        group by all
    ),
    wholes as (
        select source, sum(counts['postings']) as postings, sum(counts['rows']) as rows
        from newest
        group by source
    ),
    drifted as (
        select source, name, count(*) as drifts, max(crawl_date) as newest_drift
        from raw.drifts
        where crawl_date > (select max(crawl_date) from raw.crawls) - ?
        group by all
    )
    select
        source,
        name,
        coalesce(boards, 0),
        round(part / if(starts_with(name, 'key '), rows, postings), 3),
        coalesce(drifts, 0),
        newest_drift
    from shares
    full join drifted using (source, name)
    left join wholes using (source)
    order by source, name
"""


def status(workspace: Workspace) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """
    Column names and a row a night, newest first.

    Raises NotPublishedError if no night was collected. While a night runs the store is its own.
    """
    return COLUMNS, _ask(workspace, SQL)


def field_status(workspace: Workspace) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """
    Column names and a row for each source and field, key or language of titles: on which share of
    what was read last it was, and how often that drifted on the last nights. Raises as `status`.
    """
    return FIELD_COLUMNS, _ask(workspace, FIELDS)


def _ask(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    if not workspace.store.exists():
        raise NotPublishedError(f"no store at {workspace.store}; run `vpoe nightly` first")
    with duckdb.connect(str(workspace.store), read_only=True) as connection:
        return connection.execute(sql, [NIGHTS]).fetchall()

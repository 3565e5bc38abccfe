"""How the last nights went, read from the store: for the operator, before anything is published."""

from typing import Any

import duckdb

from warehouse.errors import NotPublishedError
from warehouse.workspace import Workspace

NIGHTS = 14  # shown
COLUMNS = ("night", "boards", "ok", "partial", "suspect", "failed", "unvisited", "failures", "exit")
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
        failures,
        exit_code
    from raw.crawls
    left join nights using (crawl_date)
    left join classes using (crawl_date)
    order by crawl_date desc
    limit ?
"""  # fmt: skip


def status(workspace: Workspace) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """
    Column names and a row a night, newest first.

    Raises NotPublishedError if no night was collected. While a night runs the store is its own.
    """
    if not workspace.store.exists():
        raise NotPublishedError(f"no store at {workspace.store}; run `vpoe nightly` first")
    with duckdb.connect(str(workspace.store), read_only=True) as connection:
        return COLUMNS, connection.execute(SQL, [NIGHTS]).fetchall()

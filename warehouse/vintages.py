"""
What was published before, carried into the new file: the one thing that no store can rebuild.

`sql/history` compares the new tables with those of the file that readers hold (method 2.5).
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError

# Of the published file, and the table that each is shaped like, beside the dates of its rows.
CARRIED = {
    "publications": None,
    "role_demand_monthly_vintages": "role_demand_monthly",
    "role_index_vintages": "role_index",
}
PUBLICATIONS = (
    "published_date date, as_of_date date, extractor_versions varchar, code_versions varchar, "
    "rules_version varchar, boards_in_panel bigint, observations bigint, revision_cause varchar"
)
DATES = "cast(null as date) as published_from_date, cast(null as date) as published_to_date"


def carry(
    connection: duckdb.DuckDBPyConnection, published_date: date, rules: Iterable[Path]
) -> None:
    """
    Put the history of the attached `previous` file into `temp.before_…`, empty where there is none.

    A column that the file didn't have is null in its history; one that we no longer have is left
    out. Raises WarehouseError if what is published is newer than `published_date`.
    """
    connection.execute(
        "create temp table published as select ?::date as published_date, ? as rules_version",
        [published_date, rules_version(rules)],
    )
    connection.execute(f"create temp table before_publications ({PUBLICATIONS})")
    for name, like in CARRIED.items():
        if like:
            connection.execute(
                f"create temp table before_{name} as select *, {DATES} from {like} limit 0"  # noqa: S608
            )
        if _is_in_previous(connection, name):
            _copy(connection, name)
    newest = connection.execute("select max(published_date) from temp.before_publications")
    ((newest_date,),) = newest.fetchall()
    if newest_date is not None and newest_date > published_date:
        raise WarehouseError(
            f"the published file is of {newest_date}, newer than {published_date}; its history would "
            "be lost. Move it away to start a new one"
        )


def rules_version(rules: Iterable[Path]) -> str:
    """A digest of the SQL and the employers' aliases that make the tables."""
    digest = hashlib.sha256()
    for file in rules:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _is_in_previous(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'previous' and table_name = ?", [name]
    )
    return bool(found.fetchall())


def _copy(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = _columns(connection, "temp", f"before_{name}")
    shared = ", ".join(sorted(columns & _columns(connection, "previous", name)))
    connection.execute(
        f"insert into temp.before_{name} by name select {shared} from previous.{name}"  # noqa: S608
    )


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> set[str]:
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ?",
        [database, table],
    )
    return {row[0] for row in found.fetchall()}

"""The SQL of the tables: one statement a file, run in the order of their numbers, named by their file."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

SQL_DIR = Path(__file__).parent / "sql"


def statements_of(layer: str) -> Iterator[tuple[str, str]]:
    """(table, statement) of a folder of `sql`; `10_postings.sql` is of the table `postings`."""
    for file in sorted((SQL_DIR / layer).glob("*.sql")):
        yield file.stem.partition("_")[2], file.read_text(encoding="utf-8")


def run_layer(connection: duckdb.DuckDBPyConnection, layer: str, prefix: str = "") -> None:
    """Make the tables of a folder of SELECTs, for example with the prefix `core.`."""
    for table, select in statements_of(layer):
        connection.execute(f"create or replace table {prefix}{table} as {select}")


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    return connection.execute(sql, list(values)).fetchall()


def literal(value: object) -> str:
    """SQL string literal, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"

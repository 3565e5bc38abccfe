"""
Build the published tables from the store into a new file, beside the one that readers hold.

`sql/core` holds the intermediate tables (in memory), `sql/main` the published ones, `sql/history`
what was published before: one SELECT a file, run in the order of their numbers, named by their file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson

from taxonomy.load import load_responsibilities, load_roles, load_skills
from warehouse.dictionary import Table, load_macros, load_tables
from warehouse.employers import EMPLOYER_ALIASES_CSV, load_employer_aliases
from warehouse.errors import NotPublishedError, WarehouseError
from warehouse.vintages import carry
from warehouse.workspace import Workspace

SQL_DIR = Path(__file__).parent / "sql"
STORAGE_VERSION = "v1.2.0"  # the newest that the clients of DuckDB 1.5 and older ones read
BLOCK_BYTES = 65_536  # a quarter of the default, half empty in the last block of narrow columns
MEMORY_LIMIT = "1600MB"  # of a store up to a size; a larger one may take what DuckDB's default is
LARGE = 2_500_000  # changes of postings, those of some 1.3 million over a year
# What the tables read of the CSVs, and under which names.
TAXONOMY_COLUMNS = {
    "taxonomy_roles": (
        *("role_id", "preferred_label_en", "preferred_label_ja", "family", "parent_id", "level"),
        *("definition_en", "definition_ja"),
    ),
    "taxonomy_role_groups": ("role_group_id", "role_id"),
    "taxonomy_skills": (
        *("skill_id", "preferred_label_en", "preferred_label_ja", "kind", "broader_id"),
    ),
    "taxonomy_responsibilities": (
        *("responsibility_id", "kind", "preferred_label_en", "preferred_label_ja"),
        *("definition_en", "definition_ja"),
    ),
    "employer_aliases": ("alias", "employer", "valid_from_date", "valid_to_date"),
}
TaxonomyRows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: the new file, the rows of each table, and the nights behind them."""

    path: Path
    as_of_date: date
    rows: dict[str, int]


def build(
    workspace: Workspace,
    *,
    taxonomy: TaxonomyRows | None = None,
    published_date: date | None = None,
) -> BuildReport:
    """
    Build a new file from the store; what is published stays as it is, and its history is carried over.

    `published_date` is the day that the figures are published on, by default the newest night; a
    second file of a day takes the place of the first. Raises NotPublishedError if the store holds
    no night, WarehouseError if a table breaks its description in tables.yml, what is published is
    newer or memory doesn't suffice. `taxonomy` replaces that of the CSVs (for tests).
    """
    if not workspace.store.exists():
        raise NotPublishedError(f"no store at {workspace.store}; run `vpoe crawl` first")
    workspace.new_warehouse.unlink(missing_ok=True)
    path = workspace.new_warehouse.with_suffix(".part")  # renamed when whole
    for rest in (path, path.with_suffix(".part.wal")):
        rest.unlink(missing_ok=True)
    spill = str(path.with_suffix(".tmp"))  # DuckDB's default would be below the current directory
    config: dict[str, Any] = {
        "temp_directory": spill,
        "preserve_insertion_order": False,  # but that of an `order by`; saves memory and time
    }
    with duckdb.connect(config=config) as connection:
        _attach(connection, workspace, path)
        if fetch(connection, "select count(*) from store.raw.observations")[0][0] <= LARGE:
            connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        try:
            _load_taxonomy(connection, read_taxonomy() if taxonomy is None else taxonomy)
            as_of_date, rows = _build_tables(connection, workspace.store, published_date)
        except duckdb.OutOfMemoryException as error:
            reason = str(error).partition("\n")[0]
            raise WarehouseError(
                f"the store at {workspace.store} is too large for this machine's memory: {reason}; "
                "build it on a larger one. What is published is as it was"
            ) from error
    path.replace(workspace.new_warehouse)
    return BuildReport(workspace.new_warehouse, as_of_date, rows)


def _build_tables(
    connection: duckdb.DuckDBPyConnection, store: Path, published_date: date | None
) -> tuple[date, dict[str, int]]:
    _run_layer(connection, "core", prefix="core.")
    as_of_date = fetch(connection, "select as_of_date from core.clock")[0][0]
    if as_of_date is None:
        raise NotPublishedError(f"{store} holds no night; run `vpoe crawl` first")
    connection.execute("begin")
    _run_layer(connection, "main", prefix="")
    rules = [*sorted(SQL_DIR.glob("*/*.sql")), EMPLOYER_ALIASES_CSV]
    carry(connection, published_date or as_of_date, rules)
    _run_layer(connection, "history", prefix="")
    for macro in load_macros():
        connection.execute(macro.sql)
    rows = _describe(connection, load_tables())
    connection.execute("commit")
    connection.execute("checkpoint vpoe")
    return as_of_date, rows


def _run_layer(connection: duckdb.DuckDBPyConnection, layer: str, *, prefix: str) -> None:
    """`10_postings.sql` makes the table `postings`."""
    for file in sorted((SQL_DIR / layer).glob("*.sql")):
        table = prefix + file.stem.partition("_")[2]
        connection.execute(f"create table {table} as {file.read_text(encoding='utf-8')}")


def read_taxonomy() -> TaxonomyRows:
    """The rows of the taxonomy's CSVs by core table. Raises TaxonomyError."""
    roles = load_roles()
    groups = [{"role_group_id": row.group_id, "role_id": row.role_id} for row in roles.groups]
    return {
        "taxonomy_roles": [row.model_dump() for row in roles.roles],
        "taxonomy_role_groups": groups,
        "taxonomy_skills": [row.model_dump() for row in load_skills().skills],
        "taxonomy_responsibilities": [row.model_dump() for row in load_responsibilities()],
        "employer_aliases": [row.model_dump() for row in load_employer_aliases()],
    }


def _attach(connection: duckdb.DuckDBPyConnection, workspace: Workspace, path: Path) -> None:
    connection.execute("attach ':memory:' as core")
    connection.execute(f"attach {literal(workspace.store)} as store (read_only)")
    if workspace.warehouse.exists():
        connection.execute(f"attach {literal(workspace.warehouse)} as previous (read_only)")
    connection.execute(
        f"attach {literal(path)} as vpoe "
        f"(storage_version '{STORAGE_VERSION}', block_size {BLOCK_BYTES})"
    )
    connection.execute("use vpoe")


def literal(value: object) -> str:
    """SQL string literal, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def _load_taxonomy(connection: duckdb.DuckDBPyConnection, taxonomy: TaxonomyRows) -> None:
    for table, columns in TAXONOMY_COLUMNS.items():
        rows = [{name: row[name] for name in columns} for row in taxonomy.get(table, [])]
        shape = orjson.dumps([dict.fromkeys(columns, "VARCHAR")]).decode()
        connection.execute(
            f"create table core.{table} as "  # noqa: S608
            "select unnest(row) from (select unnest(from_json(?, ?)) as row)",
            [orjson.dumps(rows).decode(), shape],
        )


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    return connection.execute(sql, list(values)).fetchall()


def _describe(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> dict[str, int]:
    """Comment every table and column, verify columns and keys; return the rows of each table."""
    built: dict[str, list[str]] = {}
    for table, column in fetch(
        connection,
        "select table_name, column_name from duckdb_columns() "
        "where database_name = 'vpoe' and not internal order by table_name, column_index",
    ):
        built.setdefault(table, []).append(column)
    _check_same("tables.yml", tables, built)
    for name, table in tables.items():
        _check_same(f"tables.yml, {name}", table.columns, built[name])
        connection.execute(f"comment on table {name} is {literal(table.comment)}")
        for column, described in table.columns.items():
            comment = literal(described.comment)
            connection.execute(f'comment on column {name}."{column}" is {comment}')
        _check_key(connection, table)
    return {
        name: fetch(connection, f"select count(*) from {name}")[0][0]  # noqa: S608
        for name in tables
    }


def _check_same(what: str, described: Iterable[str], built: Iterable[str]) -> None:
    only = [sorted(set(described) - set(built)), sorted(set(built) - set(described))]
    if any(only):
        raise WarehouseError(f"{what}: described but not built {only[0]}, built but not {only[1]}")


def _check_key(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    if not table.primary_key:
        return
    key = ", ".join(table.primary_key)
    missing = " or ".join(f"{column} is null" for column in table.primary_key)
    wrong = fetch(
        connection,
        f"select {key}, count(*) from {table.name} "  # noqa: S608
        f"group by {key} having count(*) > 1 or {missing} order by all limit 3",
    )
    if wrong:
        raise WarehouseError(f"{table.name}: {key} is no key, see {wrong}; mend its SQL")

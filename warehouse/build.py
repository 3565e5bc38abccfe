"""
Build the published tables from the store into a new file, beside the one that readers hold.

`sql/panel` holds the boards and their nights, `sql/core` what becomes of the postings (both in
memory), `sql/sums` what is added up of them, `sql/main` the published tables, `sql/history` what was
published before.
"""

import hashlib
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson

from taxonomy.load import load_responsibilities, load_roles, load_skills
from warehouse import incremental
from warehouse.dictionary import Table, load_macros, load_tables
from warehouse.employers import EMPLOYER_ALIASES_CSV, load_employer_aliases
from warehouse.errors import NotPublishedError, WarehouseError
from warehouse.incremental import ROWS, build_changed, build_whole, note_store, why_whole
from warehouse.layers import SQL_DIR, fetch, literal, run_layer, statements_of
from warehouse.store import Store
from warehouse.vintages import carry, rules_version
from warehouse.workspace import Workspace

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
    """
    What a build made: the new file, the rows of each table, and the nights behind them.

    `changed_postings` is how many postings were built anew while the others stayed as they were
    published; None where all were, and `whole_reason` says why.
    """

    path: Path
    as_of_date: date
    rows: dict[str, int]
    changed_postings: int | None
    whole_reason: str | None


def build(
    workspace: Workspace,
    *,
    taxonomy: TaxonomyRows | None = None,
    published_date: date | None = None,
    whole: bool = False,
) -> BuildReport:
    """
    Build a new file from the store; what is published stays as it is, and its history is carried over.

    What the new nights left as it was is taken from the published file, see incremental.py, unless
    `whole`. `published_date` is the day that the figures are published on, by default the newest
    night; a second file of a day takes the place of the first. Raises NotPublishedError if the store
    holds no night, WarehouseError if a table breaks its description in tables.yml, what is published
    is newer or memory doesn't suffice. `taxonomy` replaces that of the CSVs (for tests).
    """
    if not workspace.store.exists():
        raise NotPublishedError(f"no store at {workspace.store}; run `vpoe crawl` first")
    with duckdb.connect(str(workspace.store), read_only=True) as connection:  # beside other readers
        is_current = fetch(
            connection,
            "select 1 from duckdb_tables() where schema_name || table_name = 'rawrewrites'",
        )
    if not is_current:
        with Store(workspace.store):
            pass  # one that an older version wrote gets what it lacks
    if taxonomy is None:
        taxonomy = read_taxonomy()
    reason = "it was asked for" if whole else _why_no_copy(workspace)
    built = _build(workspace, taxonomy, published_date, reason)
    if isinstance(built, str):
        built = _build(workspace, taxonomy, published_date, built)
    assert isinstance(built, BuildReport)  # noqa: S101 - with a reason it is one
    return built


def _why_no_copy(workspace: Workspace) -> str | None:
    if not workspace.warehouse.exists():
        return "nothing is published yet"
    if not workspace.sums_of(workspace.warehouse).exists():
        return "the published file has no sums beside it"
    return None


def _build(
    workspace: Workspace,
    taxonomy: TaxonomyRows,
    published_date: date | None,
    whole_reason: str | None,
) -> BuildReport | str:
    """All tables anew for a reason; without one what changed, or a reason to make all anew."""
    path = workspace.new_warehouse.with_suffix(".part")  # renamed when it is done
    sums = path.with_suffix(".sums")
    for rest in (workspace.new_warehouse, path, sums):
        rest.unlink(missing_ok=True)
        rest.with_name(f"{rest.name}.wal").unlink(missing_ok=True)
    if whole_reason is None:
        shutil.copyfile(workspace.warehouse, path)
        shutil.copyfile(workspace.sums_of(workspace.warehouse), sums)
    config: dict[str, Any] = {
        # DuckDB's default would be below the current directory
        "temp_directory": str(path.with_suffix(".tmp")),
        "preserve_insertion_order": False,  # but that of an `order by`; saves memory and time
    }
    rules = [*sorted(SQL_DIR.glob("*/*.sql")), EMPLOYER_ALIASES_CSV]
    code = [*rules, Path(incremental.__file__)]
    version = f"{rules_version(code)} {_digest(taxonomy)} {duckdb.__version__}"
    with duckdb.connect(config=config) as connection:
        _attach(connection, workspace, path, sums)
        try:
            _load_taxonomy(connection, taxonomy)
            changed = None
            if whole_reason:
                build_whole(connection)
            else:
                answer = why_whole(connection, version) or build_changed(connection)
                if isinstance(answer, str):
                    return answer
                changed = answer
            note_store(connection, version)
            as_of_date, rows = _make_tables(
                connection, () if changed is None else ROWS, published_date, rules
            )
        except duckdb.OutOfMemoryException as error:
            reason = str(error).partition("\n")[0]
            raise WarehouseError(
                f"the store at {workspace.store} is too large for this machine's memory: {reason}; "
                "build it on a larger one. What is published is as it was"
            ) from error
    path.replace(workspace.new_warehouse)
    _keep_sums(workspace, sums)
    return BuildReport(workspace.new_warehouse, as_of_date, rows, changed, whole_reason)


def _make_tables(
    connection: duckdb.DuckDBPyConnection,
    made: Collection[str],
    published_date: date | None,
    rules: Sequence[Path],
) -> tuple[date, dict[str, int]]:
    """Make the published tables, but for those that are `made`; returns their newest night and rows."""
    connection.execute("begin")
    for name, select in statements_of("main"):
        if name not in made:
            connection.execute(f"create or replace table {name} as {select}")
    as_of_date = fetch(connection, "select as_of_date from core.clock")[0][0]
    carry(connection, published_date or as_of_date, rules)
    run_layer(connection, "history")
    for macro in load_macros():
        connection.execute(macro.sql)
    rows = _describe(connection, load_tables(), made)
    connection.execute("commit")
    connection.execute("checkpoint vpoe; checkpoint sums")
    return as_of_date, rows


def _keep_sums(workspace: Workspace, sums: Path) -> None:
    """Beside the new file, and those of the published one; others are of no use any more."""
    kept = workspace.sums_of(workspace.new_warehouse)
    kept.parent.mkdir(exist_ok=True)
    wanted = {kept.name}
    if workspace.warehouse.exists():
        wanted.add(workspace.sums_of(workspace.warehouse).name)
    for other in kept.parent.iterdir():
        if other.name not in wanted:
            other.unlink()
    sums.replace(kept)


def _digest(taxonomy: TaxonomyRows) -> str:
    return hashlib.sha256(orjson.dumps(taxonomy, default=str)).hexdigest()[:12]


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


def _attach(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, path: Path, sums: Path
) -> None:
    """Raises NotPublishedError for a store without a night."""
    connection.execute("attach ':memory:' as core")
    connection.execute(f"attach {literal(workspace.store)} as store (read_only)")
    observations, nights = fetch(
        connection,
        "select (select count(*) from store.raw.observations), (select count(*) from store.raw.snapshots)",
    )[0]
    if not nights:
        raise NotPublishedError(f"{workspace.store} holds no night; run `vpoe crawl` first")
    if observations <= LARGE:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    if workspace.warehouse.exists():
        connection.execute(f"attach {literal(workspace.warehouse)} as previous (read_only)")
    options = f"(storage_version '{STORAGE_VERSION}', block_size {BLOCK_BYTES})"
    connection.execute(f"attach {literal(sums)} as sums")
    connection.execute(f"attach {literal(path)} as vpoe {'' if path.exists() else options}")
    connection.execute("use vpoe")


def _load_taxonomy(connection: duckdb.DuckDBPyConnection, taxonomy: TaxonomyRows) -> None:
    for table, columns in TAXONOMY_COLUMNS.items():
        rows = [{name: row[name] for name in columns} for row in taxonomy.get(table, [])]
        shape = orjson.dumps([dict.fromkeys(columns, "VARCHAR")]).decode()
        connection.execute(
            f"create table core.{table} as "  # noqa: S608
            "select unnest(row) from (select unnest(from_json(?, ?)) as row)",
            [orjson.dumps(rows).decode(), shape],
        )


def _describe(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Table], made: Collection[str]
) -> dict[str, int]:
    """
    Comment every table and column, verify columns and keys; return the rows of each table.

    Of the tables that are `made` already, the keys of the changed rows are verified.
    """
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
        _check_key(connection, table, _changed_rows(table) if name in made else "")
    return {
        name: fetch(connection, f"select count(*) from {name}")[0][0]  # noqa: S608
        for name in tables
    }


def _check_same(what: str, described: Iterable[str], built: Iterable[str]) -> None:
    only = [sorted(set(described) - set(built)), sorted(set(built) - set(described))]
    if any(only):
        raise WarehouseError(f"{what}: described but not built {only[0]}, built but not {only[1]}")


def _changed_rows(table: Table) -> str:
    if "opening_id" in table.primary_key:
        return "semi join core.opening_ids using (opening_id)"
    return "semi join core.changed using (source, board, posting_id)"


def _check_key(connection: duckdb.DuckDBPyConnection, table: Table, changed_rows: str) -> None:
    if not table.primary_key:
        return
    key = ", ".join(table.primary_key)
    missing = " or ".join(f"{column} is null" for column in table.primary_key)
    wrong = fetch(
        connection,
        f"select {key}, count(*) from {table.name} {changed_rows} "  # noqa: S608
        f"group by {key} having count(*) > 1 or {missing} order by all limit 3",
    )
    if wrong:
        raise WarehouseError(f"{table.name}: {key} is no key, see {wrong}; mend its SQL")

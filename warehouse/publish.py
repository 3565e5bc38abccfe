"""
Publish a built file: check it, then put it in the place of the one that readers open.

A reader that has the old file open keeps it; one that opens during the swap gets the old or the
new one, whole. The same tables go out as Parquet beside it.
"""

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from warehouse.checks import CheckResult, require_checks
from warehouse.dictionary import Table, load_tables
from warehouse.errors import NotPublishedError
from warehouse.layers import literal
from warehouse.workspace import Workspace

DATA_TYPES = {  # of DuckDB, as the Frictionless Table Schema names them
    "VARCHAR": "string",
    "VARCHAR[]": "array",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
}


@dataclass(frozen=True, slots=True)
class PublishReport:
    path: Path
    parquet: Path
    checks: list[CheckResult]
    file_bytes: int
    parquet_bytes: int


def publish(workspace: Workspace, *, accept: Collection[str] = ()) -> PublishReport:
    """
    Check the new file and swap it in, with its Parquet.

    Raises CheckFailedError, and leaves what is published as it was, if a check finds wrong rows;
    NotPublishedError if nothing was built. `accept` names checks whose failure doesn't stop it.
    """
    new = workspace.new_warehouse
    if not new.exists():
        raise NotPublishedError(f"nothing built at {new}; run `vpoe build` first")
    results = require_checks(new, accept)
    parquet = _export_parquet(new, _free_slot(workspace.parquet))
    _sync(new)
    new.replace(workspace.warehouse)
    point_link(workspace.parquet, parquet)
    _sync(workspace.root)
    return PublishReport(
        path=workspace.warehouse,
        parquet=workspace.parquet,
        checks=results,
        file_bytes=workspace.warehouse.stat().st_size,
        parquet_bytes=sum(file.stat().st_size for file in workspace.parquet.iterdir()),
    )


def _sync(path: Path) -> None:
    """Wait until the file or directory is on disk; a rename alone may survive a crash empty."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free_slot(link: Path) -> Path:
    """
    Of the two directories that the link alternates between, the one it doesn't point at.

    A directory can't be renamed over another, a link can; and who reads the old one may finish.
    """
    one, other = (link.with_name(f"{link.name}.{slot}") for slot in ("a", "b"))
    return other if link.is_symlink() and link.readlink().name == one.name else one


def point_link(link: Path, target: Path) -> None:
    """Let the link name its neighbour; who reads by it gets the old or the new one."""
    new = link.with_name(f"{link.name}.link")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def _export_parquet(new: Path, folder: Path) -> Path:
    """Write each table as a Parquet file into the emptied folder, with a description of all."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tables = load_tables()
    with duckdb.connect(str(new), read_only=True) as connection:
        for name in tables:
            target = literal(folder / f"{name}.parquet")
            connection.execute(f"copy {name} to {target} (format parquet, compression zstd)")
        package = describe_dataset(connection, tables)
    (folder / "datapackage.json").write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2))
    for file in folder.iterdir():
        _sync(file)
    _sync(folder)
    return folder


def describe_dataset(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]
) -> dict[str, Any]:
    """The tables as a Frictionless Data Package (specs.frictionlessdata.io)."""
    types = {
        (table, column): data_type
        for table, column, data_type in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall()
    }
    (as_of_date,) = connection.execute("select as_of_date from about").fetchall()[0]
    return {
        "name": "vpoe",
        "title": "Demand for engineering leaders in public job posts",
        "version": as_of_date.isoformat(),
        "resources": [
            {
                "name": table.name,
                "path": f"{table.name}.parquet",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "description": table.comment,
                "schema": {
                    "fields": [
                        {
                            "name": column.name,
                            "type": DATA_TYPES[types[table.name, column.name]],
                            "description": column.comment,
                        }
                        for column in table.columns.values()
                    ],
                    "primaryKey": list(table.primary_key),
                },
            }
            for table in tables.values()
        ],
    }

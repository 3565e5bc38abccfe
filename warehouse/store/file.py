"""The file: its schema, its transactions, and rows that are written by the thousand."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb
import orjson

from warehouse.errors import StoreVersionError

STORE_VERSION = 5
MEMORY_LIMIT = "256MB"  # of DuckDB's; its indexes and old pages stay on the disk
LOG_MAX = "64MB"  # of changes, before they are merged into the file: by default at each 16 MB
SQL_DIR = Path(__file__).parents[1] / "sql"
DDL_DIR = SQL_DIR / "raw"


class StoreFile:
    """
    An open store. Raises StoreVersionError for a file that a newer version wrote.

    Not safe for threads; one process at a time (the caller holds the nightly lock).
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.connection = duckdb.connect(
            str(path),
            read_only=read_only,
            config={"memory_limit": MEMORY_LIMIT, "checkpoint_threshold": LOG_MAX},
        )
        self.connection.execute("set enable_progress_bar = false")  # the program has its own
        if not read_only:
            self._migrate()
        self._json_types = self._column_types()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Raises OSError if the disk doesn't take it."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        try:
            self.connection.execute("commit")
        except duckdb.TransactionException as error:  # what was there before stays whole
            raise OSError(errno.EIO, str(error), str(self.path)) from error

    def note_rewrite(self, what: str) -> None:
        """Say that rows of the past were changed: what was built of them is to be built anew."""
        self.connection.execute("insert into raw.rewrites values (uuid(), ?)", [what])

    def insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        self._write(f"insert into {table} by name", table, list(rows))

    def upsert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        self._write(f"insert or replace into {table} by name", table, list(rows))

    def _write(self, verb: str, table: str, rows: list[dict[str, Any]]) -> None:
        """
        One statement for all rows, handed over as one JSON value.

        Row-by-row inserts are 10 to 20 times slower, and this needs no Arrow package.
        """
        if not rows:
            return
        types = {name: self._json_types[table][name] for name in rows[0]}
        self.connection.execute(
            f"{verb} select unnest(row) from (select unnest(from_json(?, ?)) as row)",  # noqa: S608
            [orjson.dumps(rows).decode(), orjson.dumps([types]).decode()],
        )

    def _column_types(self) -> dict[str, dict[str, Any]]:
        rows = self.connection.execute(
            "select table_schema || '.' || table_name, column_name, data_type "
            "from information_schema.columns where table_schema in ('raw', 'extract')"
        ).fetchall()
        types: dict[str, dict[str, Any]] = {}
        for table, column, data_type in rows:
            is_list = data_type.endswith("[]")
            types.setdefault(table, {})[column] = [data_type[:-2]] if is_list else data_type
        return types

    def _migrate(self) -> None:
        """Create what is missing; refuse what a newer version wrote."""
        run = self.connection.execute
        run("create table if not exists store_version (version integer not null)")
        row = run("select max(version) from store_version").fetchone()
        version = row[0] if row else None
        if version is None or version < STORE_VERSION:
            run("create schema if not exists raw; create schema if not exists extract")
            for file in sorted(DDL_DIR.glob("*.sql")):
                run(file.read_text())
            run("insert into store_version values (?)", [STORE_VERSION])
            run("checkpoint")  # a WAL that holds DDL may not replay after a kill
        elif version > STORE_VERSION:
            raise StoreVersionError(
                f"{self.path} was written by store version {version}, this program knows "
                f"{STORE_VERSION}; update the program or name another VPOE_HOME"
            )


def stored_sql(name: str) -> str:
    return (SQL_DIR / "store" / f"{name}.sql").read_text()

"""Any SQL question to the published file, which can't change it, reach out or run for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from warehouse.errors import NotPublishedError, QueryError
from warehouse.render import Format, render

TIME_LIMIT_S = 60.0
MEMORY_LIMIT = "1GB"
QUERIES_DIR = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class QueryResult:
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def render(self, form: Format = "table") -> str:
        return render(self.rows, self.columns, form)


def open_published(path: Path, **config: str) -> duckdb.DuckDBPyConnection:
    """Open for reading. Raises NotPublishedError if there is nothing yet."""
    if not path.exists():
        raise NotPublishedError(f"nothing published at {path}; run `vpoe nightly` first")
    return duckdb.connect(str(path), read_only=True, config=dict(config))


def run_query(
    path: Path,
    sql: str,
    values: Sequence[Any] = (),
    *,
    time_limit_s: float = TIME_LIMIT_S,
    memory_limit: str = MEMORY_LIMIT,
) -> QueryResult:
    """
    Run the SQL of someone else on the published file.

    No file or network can be reached and no setting changed. Raises QueryError if it is refused,
    wrong or takes too long, NotPublishedError if nothing is published.
    """
    sandbox = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "memory_limit": memory_limit,
    }
    with open_published(path, **sandbox) as connection:
        timer = Timer(time_limit_s, connection.interrupt)
        timer.start()
        try:
            result = connection.execute(sql, list(values))
            columns = tuple(column[0] for column in result.description or ())
            return QueryResult(columns, result.fetchall())
        except duckdb.InterruptException as error:
            raise QueryError(f"stopped after {time_limit_s:g} s; ask for less") from error
        except duckdb.Error as error:
            raise QueryError(str(error)) from error
        finally:
            timer.cancel()
            timer.join()

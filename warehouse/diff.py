"""What changed from one published file to another: tables, rows, and the figures of the months."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import NotPublishedError
from warehouse.layers import literal
from warehouse.render import Format, render

FIGURES = ("active_openings", "employers_hiring", "new_openings", "closed_openings")
# Months that both files hold whole: what the newer one adds is no change.
CHANGES = """
with before as (
    unpivot (
        select month, role_id, kind, source, country_code, {figures}
        from a.role_demand_monthly where period_end_date = last_day(month)
    ) on {figures} into name column_name value figure
),

after as (
    unpivot (
        select month, role_id, kind, source, country_code, {figures}
        from b.role_demand_monthly where period_end_date = last_day(month)
    ) on {figures} into name column_name value figure
)

select month, role_id, kind, source, country_code, column_name, before.figure, after.figure
from before
full join after using (month, role_id, kind, source, country_code, column_name)
where
    before.figure is distinct from after.figure
    and month <= (select max(month) from before)
    and ($every_slice or source = 'all' and country_code = 'all' or kind = 'flow' and country_code = 'all')
order by all
"""


@dataclass(frozen=True, slots=True)
class TableDiff:
    """Rows and columns of a table in both files; None where it isn't there."""

    table: str
    rows_before: int | None
    rows_after: int | None
    columns_gone: tuple[str, ...]
    columns_new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    tables: tuple[TableDiff, ...]
    changes: tuple[tuple[Any, ...], ...]

    def render(self, form: Format = "table") -> str:
        """The changed figures; a table has the tables above them."""
        names = ("month", "role_id", "kind", "source", "country_code", "figure", "before", "after")
        figures = render(self.changes, names, form)
        if form != "table":
            return figures
        rows = [
            (
                *(one.table, one.rows_before, one.rows_after),
                *(", ".join(one.columns_gone), ", ".join(one.columns_new)),
            )
            for one in self.tables
        ]
        heads = ("table", "rows before", "rows after", "columns gone", "columns new")
        return render(rows, heads) + "\n" + (figures if self.changes else "no figure changed\n")


def diff(path_a: Path, path_b: Path, *, every_slice: bool = False) -> Diff:
    """
    Compare two published files, the older one first.

    `changes`: the figures of months that both hold whole; of all sources and countries together
    unless `every_slice`. Raises NotPublishedError for a file that isn't there.
    """
    with duckdb.connect() as connection:
        for alias, path in (("a", path_a), ("b", path_b)):
            if not path.exists():
                raise NotPublishedError(f"no file at {path}")
            connection.execute(f"attach {literal(path)} as {alias} (read_only)")
        before, after = (_tables(connection, alias) for alias in ("a", "b"))
        changes = connection.execute(
            CHANGES.format(figures=", ".join(FIGURES)), {"every_slice": every_slice}
        ).fetchall()
        tables = tuple(
            TableDiff(
                name,
                _rows(connection, "a", name) if name in before else None,
                _rows(connection, "b", name) if name in after else None,
                tuple(sorted(before.get(name, set()) - after.get(name, set()))),
                tuple(sorted(after.get(name, set()) - before.get(name, set()))),
            )
            for name in sorted(before.keys() | after.keys())
        )
    return Diff(tables, tuple(changes))


def _tables(connection: duckdb.DuckDBPyConnection, alias: str) -> dict[str, set[str]]:
    found = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where database_name = $1 and not internal group by table_name",
        [alias],
    )
    return {table: set(columns) for table, columns in found.fetchall()}


def _rows(connection: duckdb.DuckDBPyConnection, alias: str, table: str) -> int:
    found = connection.execute(f'select count(*) from {alias}."{table}"')  # noqa: S608
    count: int = found.fetchall()[0][0]
    return count

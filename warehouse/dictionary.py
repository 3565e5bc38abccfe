"""
What each table and column means: tables.yml and columns.yml, as objects and as a page.

The same words become the comments in the published file and docs/data_dictionary.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import WarehouseError

HERE = Path(__file__).parent
GENERATED = (
    "Generated from `warehouse/tables.yml` and `warehouse/columns.yml` by "
    "`python -m warehouse.dictionary`; the same words are the comments in the published file "
    "(`select comment from duckdb_columns()`)."
)

MACROS = (
    "Questions with a name: `from role_trend('vp_engineering')`. In a session that has the file "
    "attached beside others, say `use` with its alias first."
)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    description: str
    unit: str | None = None
    kind: str | None = None  # stock: on a day; flow: in a period

    @property
    def comment(self) -> str:
        notes = [f"unit: {self.unit}" if self.unit else "", self.kind or ""]
        return self.description + (f" ({'; '.join(filter(None, notes))})" if any(notes) else "")


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    description: str
    grain: str
    primary_key: tuple[str, ...]
    columns: dict[str, Column]
    warnings: tuple[str, ...]

    @property
    def comment(self) -> str:
        key = f" Key: {', '.join(self.primary_key)}." if self.primary_key else ""
        return " ".join([f"{self.description} Grain: {self.grain}.{key}", *self.warnings])


@dataclass(frozen=True, slots=True)
class Macro:
    """A question of the published file that is a name: `from role_trend('vp_engineering')`."""

    name: str
    description: str
    parameters: str
    body: str

    @property
    def sql(self) -> str:
        return f"create or replace macro {self.name}{self.parameters} {self.body}"


@cache
def load_macros() -> tuple[Macro, ...]:
    """
    The macros of sql/macros, functions of values first: `-- what it is`, then `(parameters) as …`.

    Their bodies name tables without a database, so that they work under any alias.
    """
    macros = [_macro(file) for file in sorted((HERE / "sql" / "macros").glob("*.sql"))]
    return tuple(sorted(macros, key=lambda macro: macro.body.startswith("as table")))


def _macro(file: Path) -> Macro:
    lines = file.read_text(encoding="utf-8").splitlines()
    comments = [line.removeprefix("-- ") for line in lines if line.startswith("--")]
    parameters, _, rest = "\n".join(lines[len(comments) :]).partition(" as")
    return Macro(file.stem, " ".join(comments), parameters, f"as{rest}")


@cache
def load_tables() -> dict[str, Table]:
    """
    The published tables in the order of tables.yml.

    A column name is defined once, in columns.yml; a table may narrow it. Raises WarehouseError for
    a column without a definition or a warning without a text.
    """
    tables = yaml.safe_load((HERE / "tables.yml").read_text(encoding="utf-8"))
    columns = yaml.safe_load((HERE / "columns.yml").read_text(encoding="utf-8"))
    warnings = tables.pop("warnings")
    try:
        return {name: _table(name, entry, columns, warnings) for name, entry in tables.items()}
    except KeyError as error:
        raise WarehouseError(f"tables.yml: {error} is defined nowhere; define it") from error


def _table(
    name: str, entry: dict[str, Any], columns: dict[str, Any], warnings: dict[str, str]
) -> Table:
    narrowed = entry.get("narrowed", {})
    return Table(
        name=name,
        description=entry["description"],
        grain=entry["grain"],
        primary_key=tuple(entry.get("primary_key", ())),
        columns={
            column: Column(column, **{**columns[column], **narrowed.get(column, {})})
            for column in entry["columns"]
        },
        warnings=tuple(warnings[warning] for warning in entry.get("warnings", ())),
    )


def to_markdown(tables: dict[str, Table], macros: Iterable[Macro]) -> str:
    """The data dictionary as a page."""
    lines = [
        "# Data dictionary",
        "",
        GENERATED,
        "",
        *(f"- [{table.name}](#{table.name}): {table.grain}" for table in tables.values()),
        *["", "## Macros", "", "MACROS", ""],
        *["| macro | answers |", "|---|---|"],
        *(f"| `{macro.name}{macro.parameters}` | {macro.description} |" for macro in macros),
    ]
    for table in tables.values():
        lines += ["", f"## {table.name}", "", table.description, ""]
        lines.append(f"Grain: {table.grain}. Key: `{', '.join(table.primary_key) or 'none'}`.")
        lines += [
            "",
            *(f"- {warning}" for warning in table.warnings),
            *([""] * bool(table.warnings)),
        ]
        lines += ["| column | unit | kind | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{one.name}` | {one.unit or ''} | {one.kind or ''} | {one.description} |"
            for one in table.columns.values()
        ]
    return "\n".join(lines) + "\n"


def write(path: Path = HERE.parent / "docs" / "data_dictionary.md") -> None:
    path.write_text(to_markdown(load_tables(), load_macros()), encoding="utf-8")


if __name__ == "__main__":
    write()

"""The Explore page: the cookbook's questions, what can be asked of, and the files to take home."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.checks import sentence_of
from warehouse.dictionary import load_macros, load_tables
from warehouse.layers import literal
from warehouse.query import QUERIES_DIR
from warehouse.report.figures import CONFIG, Spec

# Bundled by `make site-assets`; without them the page says how to get them.
ENGINE_DIR = Path(__file__).parent / "engine" / "dist"
ENGINE = ("engine.js", "duckdb-browser-eh.worker.js", "duckdb-eh.wasm")
DATABASE = "vpoe.duckdb"
# Tables of figures, small enough to lie beside the pages as Parquet.
TAKEN_HOME = (
    *("role_demand_monthly", "role_index", "role_profiles", "role_pay", "role_skills"),
    *("skill_demand_monthly", "roles", "skills", "responsibilities"),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    name: str
    question: str
    sql: str


@dataclass(frozen=True, slots=True)
class Explore:
    """`tables` and `macros` are names with what they hold; `files` the tables to take home."""

    recipes: tuple[Recipe, ...]
    tables: tuple[tuple[str, str], ...]
    macros: tuple[str, ...]
    files: tuple[str, ...]
    chart_config: Spec
    has_engine: bool


def explore() -> Explore:
    return Explore(
        recipes=tuple(_recipes()),
        tables=tuple((name, table.description) for name, table in load_tables().items()),
        macros=tuple(f"{macro.name}{macro.parameters}" for macro in load_macros()),
        files=TAKEN_HOME,
        chart_config=CONFIG,
        has_engine=has_engine(),
    )


def has_engine() -> bool:
    return all((ENGINE_DIR / name).is_file() for name in ENGINE)


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the tables to take home as Parquet."""
    folder.mkdir(parents=True)
    for name in TAKEN_HOME:
        target = literal(folder / f"{name}.parquet")
        connection.execute(f"copy {name} to {target} (format parquet, compression zstd)")


def _recipes() -> Iterator[Recipe]:
    for file in sorted(QUERIES_DIR.glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        yield Recipe(file.stem, sentence_of(sql), sql)

"""What every page of the report asks: an open published file, its slice, and a language."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.periods import Language
from warehouse.report import figures
from warehouse.report.figures import Figure, Points, Spec, number
from warehouse.report.words import WORDS
from warehouse.trend import find_source

VPOE = "vp_engineering"
ROLES = (
    VPOE,
    "cto",
    "vp_product",
    "head_of_engineering",
    "director_engineering",
    "engineering_manager",
    "project_manager",
)

INVENTED = """
    select bool_and(ends_with(employer, '(invented)') or ends_with(employer, '（架空）')) as is_invented
    from boards where employer is not null
"""


@dataclass(frozen=True, slots=True)
class World:
    connection: duckdb.DuckDBPyConnection
    path: Path
    lang: Language
    kind: str
    source: str
    as_of_date: date | None

    def fetch(self, sql: str, **values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - SQL's
        result = self.connection.execute(sql, values)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def word(self, name: str, **values: object) -> str:
        """The word of the page in its language, its gaps filled."""
        return WORDS[self.lang][name].format(**values) if values else WORDS[self.lang][name]

    def words(self, *names: str) -> tuple[str, ...]:
        return tuple(map(self.word, names))

    @property
    def roles(self) -> dict[str, str]:
        """Those of ROLES that the file's taxonomy has, in their order, with their names."""
        names = {
            row["role_id"]: row[f"preferred_label_{self.lang}"]
            for row in self.fetch("select * from roles")
        }
        return {role_id: names[role_id] for role_id in ROLES if role_id in names}

    @property
    def is_invented(self) -> bool:
        """The demo's employers say so in their names."""
        return bool(self.fetch(INVENTED)[0]["is_invented"])

    @property
    def citation(self) -> str:
        return self.word("citation", as_of_date=self.as_of_date, source=self.source)

    def over_time(
        self, name: str, words: str, points: Points, columns: tuple[str, ...], rows: list[list[Any]], spec: Spec
    ) -> Figure:  # fmt: skip
        """A figure whose description tells where its first series begins and ends."""
        title, subtitle = self.words(f"{words}_title", f"{words}_sub")
        series = [one for one in points if one["value"] is not None]
        if series:
            values = [
                one["value"] for one in series if one.get("series") == series[0].get("series")
            ]
            description = self.word(
                "range",
                title=title,
                first=number(values[0], 1),
                last=number(values[-1], 1),
                start=series[0]["day"],
                end=series[-1]["day"],
                high=number(max(values), 1),
                low=number(min(values), 1),
                periods=len(values),
            )
        else:
            description = self.word("empty_range", title=title)
        dated = figures.dated(spec, self.lang)
        return Figure(name, title, subtitle, description, self.words(*columns), rows, columns, rows, dated)  # fmt: skip

    def ranking(
        self, name: str, titles: tuple[str, str], columns: tuple[str, ...], rows: list[list[Any]], spec: Spec,
        heads: tuple[str, ...] | None = None,
    ) -> Figure:  # fmt: skip
        """A figure of rows, the largest first, whose description names the first three."""
        first = "; ".join(f"{row[0]} {row[1]}" for row in rows[:3])
        description = (
            self.word("ranking", title=titles[0], first=first, count=len(rows))
            if rows
            else self.word("empty_range", title=titles[0])
        )
        return Figure(name, *titles, description, heads or self.words(*columns), rows, columns, rows, spec)  # fmt: skip


def open_world(connection: duckdb.DuckDBPyConnection, path: Path, lang: Language) -> World:
    kind, source = find_source(connection, None)
    (as_of_date,) = connection.execute("select as_of_date from about").fetchall()[0]
    return World(connection, path, lang, kind, source, as_of_date)

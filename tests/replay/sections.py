"""The sections of the results page that every published file has."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from warehouse.compare import compare
from warehouse.durations import role_days_open
from warehouse.query import open_published
from warehouse.report.demand import demand
from warehouse.report.world import open_world
from warehouse.statements import VERDICTS, statements
from warehouse.statistics import poisson_interval, share_interval
from warehouse.trend import trend

ROLES = (
    *("vp_engineering", "vpoe_broad", "cto", "vp_product", "head_of_engineering"),
    *("director_engineering", "engineering_manager"),
)
ROLE = ROLES[0]
LONG = 24  # rows; a longer table is folded


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def folded(summary: str, content: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def ask(file: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def share(part: int, whole: int) -> str:
    """Per 10,000, with its 95 % interval (Wilson)."""
    if not whole:
        return ""
    low, high = share_interval(part, whole)
    return f"{10_000 * part / whole:.1f} ({10_000 * low:.1f}–{10_000 * high:.1f})"


def count(number: int) -> str:
    """With its 95 % interval (exact Poisson)."""
    return f"{number:,} ({poisson_interval(number).text(1)})"


def pictures(file: Path, folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Draw the figures of the report's front page; yields the title and the file of each."""
    with open_published(file) as connection:
        world = open_world(connection, file, "en")
        for figure in demand(world).figures:
            chart = folder / f"{name}-{figure.name}.svg"
            chart.write_text(figure.svg(world.citation), encoding="utf-8")
            yield figure.title, chart


def years(file: Path, source: str | None) -> str:
    """The role and its neighbours by year, as shares of all new postings."""
    by_role = {
        role: [
            (year, list(rows))
            for year, rows in groupby(
                trend(file, role, source=source).rows, key=lambda row: row.period_start.year
            )
        ]
        for role in ROLES
    }
    everything = dict(
        ask(
            file,
            "select year(month), sum(new_postings) from role_demand_monthly where role_id = 'all' "
            "and source = ? and country_code = 'all' group by 1",
            source or "all",
        )
    )
    lines = []
    for number, (year, rows) in enumerate(by_role[ROLE]):
        whole = everything.get(year, 0)
        posts = [sum(row.new_postings for row in found[number][1]) for found in by_role.values()]
        openings = sum(row.new_openings for row in rows)
        lines.append((year, count(openings), f"{whole:,}", *(share(part, whole) for part in posts)))
    return table(("year", f"new {ROLE}", "all postings", *by_role), lines)


def index(file: Path, source: str | None) -> str:
    """The chain index beside what naive counting would have said, of the first role that has one."""
    for role in (ROLE, "vpoe_broad", "all"):
        rows = ask(
            file,
            "select period_start_date, period_days, demand_index, naive_index, matched_boards, "
            "panel_entry_openings, panel_exit_openings, if(is_provisional, 'provisional', '') "
            "from role_index where role_id = ? and source = ? and country_code = 'all' "
            "and demand_index is not null order by period_start_date",
            *(role, source or "all"),
        )
        if rows:
            shown = [
                (day, n, _one(chain), _one(naive), *rest) for day, n, chain, naive, *rest in rows
            ]
            content = table(INDEX_HEADINGS, shown)
            is_long = len(shown) > LONG
            return f"Of `{role}`.\n\n{folded(f'{len(shown)} periods', content) if is_long else content}"
    return "No role has the matched openings that an index needs."


INDEX_HEADINGS = (
    *("from", "days", "index", "naive count, base 100", "matched boards"),
    *("entered the panel", "left it", ""),
)


def _one(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def comparison(file: Path, source: str | None, period: str) -> str:
    """What may be said of each role in a period against the one before."""
    found = compare(file, ROLES, period, source=source)
    return f"```text\n{found.render()}```"


def days(file: Path) -> str:
    rows = []
    for role in ROLES:
        for name, one in role_days_open(file, role).lines.items():
            median = "not reached" if one.median_days is None else f"{one.median_days:g}"
            closed_only = one.closed_only_median_days
            interval = one.median_interval.text(1)
            line = (role, name, one.spells, one.closed, f"{median} ({interval})", closed_only)
            rows.append(line)
    return table(DAYS_HEADINGS, rows)


DAYS_HEADINGS = (
    *("role", "line", "openings", "closed", "median days open, Kaplan-Meier"),
    "median of the closed alone",
)


def verdicts(file: Path, source: str | None) -> str:
    found = statements(file, source=source)
    rows = [(one.statement, VERDICTS["en"][one.verdict], one.finding) for one in found.answers]
    notes = "\n\n".join(found.notes)
    return f"{table(('statement', 'verdict', 'figures'), rows)}\n\n{notes}"

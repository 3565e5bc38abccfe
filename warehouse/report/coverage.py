"""The coverage page: what the figures rest on. The page that makes the rest believable."""

from dataclasses import dataclass
from typing import Any

from warehouse.charts import BLUE, ORANGE
from warehouse.report import figures
from warehouse.report.figures import Figure, Points, percent
from warehouse.report.world import World
from warehouse.trend import trend

STATUSES = {
    "ok": BLUE,
    "partial": "#c98a1b",
    "suspect": ORANGE,
    "failed": figures.RED,
    "gone": figures.GREY,
}
MOST_REVISIONS = 50


@dataclass(frozen=True, slots=True)
class Coverage:
    about: str
    figures: list[Figure]
    countries: tuple[tuple[str, ...], list[list[Any]]]
    revisions: tuple[tuple[str, ...], list[list[Any]]]
    missing: tuple[str, ...]


def coverage(world: World) -> Coverage:
    about = world.fetch("select * from about")[0]
    shown = [_nights(world), _failures(world), _imputed(world), _sources(world)]
    return Coverage(
        about=world.word("about", **{name: "–" if v is None else v for name, v in about.items()}),
        figures=[figure for figure in shown if figure and figure.rows],
        countries=_countries(world),
        revisions=_revisions(world),
        missing=world.words(*(f"missing_{number}" for number in range(1, 5))),
    )


def _nights(world: World) -> Figure | None:
    rows = world.fetch("select * from crawl_nights order by crawl_date")
    if not rows:
        return None
    used = [status for status in STATUSES if status == "ok" or any(row[f"{status}_boards"] for row in rows)]  # fmt: skip
    points = [
        {
            "day": row["crawl_date"].isoformat(),
            "value": row[f"{status}_boards"] or 0,
            "series": world.word(status),
        }
        for status in used
        for row in rows
    ]
    colours = {world.word(status): STATUSES[status] for status in used}
    cells = [[row["crawl_date"], *(row[f"{name}_boards"] or 0 for name in STATUSES)] for row in reversed(rows)]  # fmt: skip
    columns = ("night", *STATUSES)
    spec = figures.stacks(points, colours)
    return world.over_time("nights", "nights", points, columns, cells, spec)


def _failures(world: World) -> Figure | None:
    rows = world.fetch(
        "select failure_class, sum(boards) as board_nights from crawl_failures group by 1 order by 2 desc, 1"
    )
    return _ranked(world, "failures", ("class", "board_nights"), rows) if rows else None


def _sources(world: World) -> Figure:
    rows = world.fetch(
        "select source, count(*) as boards from boards group by 1 order by 2 desc, 1"
    )
    return _ranked(world, "sources", ("source", "boards"), rows)


def _ranked(world: World, name: str, columns: tuple[str, str], rows: list[dict[str, Any]]) -> Figure:  # fmt: skip
    cells = [[label, int(count)] for label, count in (row.values() for row in rows)]
    points: Points = [{"label": label, "value": count} for label, count in cells]
    titles = (world.word(f"{name}_title"), world.word(f"{name}_sub"))
    return world.ranking(name, titles, columns, cells, figures.ranks(points))


def _imputed(world: World) -> Figure | None:
    """Of a flow nothing is carried over."""
    if world.kind == "flow":
        return None
    rows = trend(world.path, "all", "month").rows
    points = [
        {
            "day": figures.middle(row.period_start, row.period_end),
            "value": row.imputed_share,
            "series": world.word("imputed"),
            "is_provisional": row.is_provisional,
        }
        for row in rows
    ]
    cells = [[row.period_end, percent(row.imputed_share, 1)] for row in rows]
    spec = figures.lines(points, "%")
    return world.over_time("imputed", "imputed", points, ("period", "imputed"), cells, spec)


def _countries(world: World) -> tuple[tuple[str, ...], list[list[Any]]]:
    rows = world.fetch(
        "select coalesce(country_code, '–') as country, count(*) as boards, "
        "count(*) filter (where panel_entry_date is not null and panel_exit_date is null) as panel "
        "from boards group by 1 order by 2 desc, 1"
    )
    return world.words("country", "boards", "in_panel"), [list(row.values()) for row in rows]


def _revisions(world: World) -> tuple[tuple[str, ...], list[list[Any]]]:
    rows = world.fetch(
        "select table_name, column_name, role_id, period_start_date, first_figure, figure_now, "
        "revision_cause from revisions where role_id in ('vp_engineering', 'vpoe_broad') "
        "and country_code = 'all' order by revised_date desc, table_name, column_name, period_start_date, role_id limit $most",
        most=MOST_REVISIONS,
    )
    columns = world.words(
        "table", "column", "role", "period", "first_figure", "figure_now", "cause"
    )
    return columns, [list(row.values()) for row in rows]

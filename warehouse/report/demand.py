"""The front page: the headline sentence, and how the demand for VPoEs moves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from warehouse.claims import Against, Claim, claim
from warehouse.report import figures
from warehouse.report.figures import Figure, Points, interval, number
from warehouse.report.season import season
from warehouse.report.world import VPOE, World
from warehouse.statistics import poisson_interval, share_interval
from warehouse.trend import PER, Period, TrendRow, trend

MOST_WEEKS = 104  # a longer record is shown by month
MOST_MONTHS = 48  # of threads; longer records are shown by year
MONTHS_OF_QUARTER, DECEMBER = 3, 12
SPAN = 28  # nights, where no two months were observed


def headline(world: World) -> Claim | None:
    """
    The claim about the newest whole quarter against a year before, or the quarter before; else of
    the month, or of 28 nights. What was observed says which one, never the figures. None without
    a night.
    """
    found = None
    for first, last, against in _questions(world.as_of_date):
        found = claim(world.path, VPOE, first, last, lang=world.lang, against=against)
        if found.verdict != "withheld":
            break
    return found


def _questions(as_of_date: date | None) -> Iterator[tuple[str, str | None, Against]]:
    if as_of_date is None:
        return
    after = as_of_date + timedelta(1)
    month = after.replace(day=1) - timedelta(1)  # the last day of the newest whole month
    quarter = month
    while quarter.month % MONTHS_OF_QUARTER:
        quarter = quarter.replace(day=1) - timedelta(1)
    name = f"{quarter.year}-Q{quarter.month // MONTHS_OF_QUARTER}"
    for period in (name, f"{month:%Y-%m}"):
        yield period, None, "year_before"
        yield period, None, "period_before"
    yield f"{as_of_date - timedelta(SPAN - 1)}", f"{as_of_date}", "period_before"


@dataclass(frozen=True, slots=True)
class Demand:
    claim: Claim | None
    figures: list[Figure]
    newest: TrendRow | None
    facts: tuple[tuple[str, str], ...]  # the newest figures, each with what it counts


def demand(world: World) -> Demand:
    by = _period(world)
    rows = _rows(world, VPOE, by)
    if world.kind == "flow":
        months = trend(world.path, VPOE).rows
        shown = [_share(world, rows), _new(world, rows), _employers(world, months)]
    else:
        shown = [_share(world, rows), _active(world, rows), _new(world, rows)]
    shown.append(_definitions(world, by))
    if index := _index(world):
        shown.append(index)
    if rhythm := season(world):
        shown.append(rhythm)
    figures_with_rows = [figure for figure in shown if figure.rows]
    return Demand(headline(world), figures_with_rows, *_newest(world, by))


def _newest(world: World, by: Period) -> tuple[TrendRow | None, tuple[tuple[str, str], ...]]:
    """The newest period that is over, or the first."""
    rows = trend(world.path, VPOE, by).rows
    over = [row for row in rows if world.as_of_date and row.period_end <= world.as_of_date]
    newest = (over or rows)[-1:]
    return (newest[0], tuple(_facts(world, newest[0]))) if newest else (None, ())


def _facts(world: World, row: TrendRow) -> Iterator[tuple[str, str]]:
    if row.active_openings is None:
        yield number(row.new_postings), world.word("posts")
    else:
        yield number(row.active_openings), world.word("active")
    yield number(row.employers_hiring), world.word("employers")
    spread = interval(row.share_low, row.share_high)
    yield (
        number(row.share_per_10000, 1),
        f"{world.word('share')} ({world.word('interval')} {spread})",
    )


def _rows(world: World, role: str, by: Period) -> tuple[TrendRow, ...]:
    """The trend; of threads over many years, by year: a month of them has a handful of posts."""
    rows = trend(world.path, role, by).rows
    if world.kind == "stock" or len(rows) <= MOST_MONTHS:
        return rows
    whole = {row.period_start: row.new_postings for row in trend(world.path, "all").rows}
    years = groupby(rows, key=lambda row: row.period_start.year)
    return tuple(_year(list(months), whole) for _, months in years)


def _year(months: list[TrendRow], whole: dict[date, int]) -> TrendRow:
    """Their sums, with the intervals of sums; provisional until December is in."""
    posts = sum(row.new_postings for row in months)
    openings = sum(row.new_openings for row in months)
    all_posts = sum(whole[row.period_start] for row in months)
    low, high = poisson_interval(openings)
    share = share_interval(posts, all_posts)
    last = months[-1]
    is_over = last.period_end.month == DECEMBER
    return replace(
        last,
        period_start=months[0].period_start,
        new_postings=posts,
        new_openings=openings,
        new_openings_low=low,
        new_openings_high=high,
        share_per_10000=PER * posts / all_posts if all_posts else None,
        share_low=PER * share.low if all_posts else None,
        share_high=PER * share.high if all_posts else None,
        is_provisional=last.is_provisional or not is_over,
    )


def _period(world: World) -> Period:
    if world.kind == "flow":
        return "month"
    nights = world.fetch("select count(*) as nights from crawl_nights")[0]["nights"]
    return "week" if nights <= 7 * MOST_WEEKS else "month"


def _points(rows: tuple[TrendRow, ...], name: str, low: str, high: str) -> Points:
    return [
        {
            "day": figures.middle(row.period_start, row.period_end),
            "start": row.period_start.isoformat(),
            "end": (row.period_end + timedelta(1)).isoformat(),
            "value": getattr(row, name),
            "low": getattr(row, low),
            "high": getattr(row, high),
            "is_provisional": row.is_provisional,
        }
        for row in rows
    ]


def _mark(world: World, row: TrendRow) -> str:
    return world.word("provisional") if row.is_provisional else ""


def _share(world: World, rows: tuple[TrendRow, ...]) -> Figure:
    points = _points(rows, "share_per_10000", "share_low", "share_high")
    cells = [
        [row.period_start, number(row.share_per_10000, 1), interval(row.share_low, row.share_high), _mark(world, row)]
        for row in rows
    ]  # fmt: skip
    columns = ("period", "share", "interval", "provisional")
    spec = figures.band(points)
    return world.over_time("share", f"trend_{world.kind}", points, columns, cells, spec)


def _new(world: World, rows: tuple[TrendRow, ...]) -> Figure:
    points = _points(rows, "new_openings", "new_openings_low", "new_openings_high")
    cells = [
        [row.period_start, row.new_openings, interval(row.new_openings_low, row.new_openings_high), _mark(world, row)]
        for row in rows
    ]  # fmt: skip
    columns = ("period", "new", "interval", "provisional")
    return world.over_time("new", "new", points, columns, cells, figures.bars(points))


def _active(world: World, rows: tuple[TrendRow, ...]) -> Figure:
    series = {"active_openings": "active", "employers_hiring": "employers"}
    points = [
        {**point, "series": world.word(word)}
        for name, word in series.items()
        for point in _points(rows, name, "share_low", "share_high")
    ]
    cells = [
        [row.period_end, row.active_openings, row.employers_hiring, _mark(world, row)]
        for row in rows
    ]
    columns = ("period", "active", "employers", "provisional")
    return world.over_time("active", "active", points, columns, cells, figures.lines(points))


def _employers(world: World, rows: tuple[TrendRow, ...]) -> Figure:
    points = [
        {**point, "series": world.word("employers")}
        for point in _points(rows, "employers_hiring", "share_low", "share_high")
    ]
    cells = [[row.period_start, row.employers_hiring, _mark(world, row)] for row in rows]
    columns = ("period", "employers", "provisional")
    shown, words = _readable(points, "employers")
    return world.over_time("employers", words, shown, columns, cells, figures.lines(shown))


def _readable(points: Points, words: str) -> tuple[Points, str]:
    """The points, or of a long record the means of its years; and the words that say so."""
    if len({one["day"] for one in points}) <= MOST_MONTHS:
        return points, words
    means: Points = []
    for (series, year), found in groupby(points, lambda one: (one["series"], one["day"][:4])):
        of_year = list(found)
        means.append(
            {
                "day": f"{year}-07-01",
                "value": round(sum(one["value"] for one in of_year) / len(of_year), 2),
                "series": series,
                "is_provisional": any(one["is_provisional"] for one in of_year),
            }
        )
    return means, f"{words}_by_year"


WITHOUT_GHOSTS = """
    select
        cast(date_trunc('week', day) as date) as period_start,
        arg_max(unflagged_openings, day) as openings
    from role_demand_daily
    where role_id = 'vp_engineering' and source = 'all' and country_code = 'all'
    group by all
"""
WITHOUT_GHOSTS_BY_MONTH = """
    select month as period_start, unflagged_openings as openings from role_demand_monthly
    where role_id = 'vp_engineering' and kind = 'stock' and source = 'all' and country_code = 'all'
"""


def _definitions(world: World, by: Period) -> Figure:
    name = "new_openings" if world.kind == "flow" else "active_openings"
    lines = {
        "strict": _rows(world, "vpoe_strict", by),
        "broad": _rows(world, "vpoe_broad", by),
    }
    values = {
        word: {row.period_start: getattr(row, name) for row in rows} for word, rows in lines.items()
    }
    if world.kind == "stock":
        ghosts = WITHOUT_GHOSTS if by == "week" else WITHOUT_GHOSTS_BY_MONTH
        found = {row["period_start"]: row["openings"] for row in world.fetch(ghosts)}
        values["unflagged"] = {day: found.get(day, 0) for day in values["strict"]}
    points: list[dict[str, Any]] = [
        {**point, "series": world.word(word), "value": values[word][row.period_start]}
        for word in values
        for point, row in zip(_points(lines["strict"], name, "share_low", "share_high"), lines["strict"], strict=True)
    ]  # fmt: skip
    cells = [
        [row.period_start, *(values[word][row.period_start] for word in values), _mark(world, row)]
        for row in lines["strict"]
    ]
    columns = ("period", *values, "provisional")
    return world.over_time("definitions", "definitions", points, columns, cells, figures.lines(points))  # fmt: skip


INDEX = """
    select period_start_date, role_id, demand_index, is_provisional from role_index
    where role_id in ('vpoe_strict', 'vpoe_broad') and source = $source and country_code = 'all'
        and kind = $kind and demand_index is not null
    order by role_id desc, period_start_date
"""


def _index(world: World) -> Figure | None:
    """None where no role has the matched openings that an index needs (method 2.3)."""
    words = {"vpoe_strict": "strict", "vpoe_broad": "broad"}
    rows = world.fetch(INDEX, source=world.source, kind=world.kind)
    if len(rows) < 2:  # noqa: PLR2004 - one point is no growth
        return None
    points = [
        {
            "day": row["period_start_date"].isoformat(),
            "value": round(row["demand_index"], 2),
            "series": world.word(words[row["role_id"]]),
            "is_provisional": row["is_provisional"],
        }
        for row in rows
    ]
    cells = [[one["day"], one["series"], number(one["value"], 1)] for one in points]
    shown, title = _readable(points, "index")
    return world.over_time("index", title, shown, ("period", "role", "index"), cells, figures.lines(shown))  # fmt: skip

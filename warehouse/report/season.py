"""The calendar months side by side, once whole years allow it (method 2.8)."""

import calendar
from collections import Counter
from collections.abc import Sequence

from warehouse.report import figures
from warehouse.report.figures import Figure, Points, interval, number
from warehouse.report.world import VPOE, World
from warehouse.statistics import share_interval
from warehouse.trend import PER, TrendRow, trend

LEAST_YEARS = 3  # complete ones; before, no season is spoken of
MONTHS = 12


def season(world: World) -> Figure | None:
    """VPoE postings per 10,000 of all by calendar month, over the whole years; None before three."""
    column = "new_postings" if world.kind == "flow" else "new_openings"
    rows = [row for row in trend(world.path, VPOE).rows if not row.is_provisional]
    years = _whole_years(rows)
    if len(years) < LEAST_YEARS:
        return None
    parts, wholes = Counter[int](), Counter[int]()
    for counts, role in ((parts, VPOE), (wholes, "all")):
        for row in trend(world.path, role).rows:
            if row.period_start.year in years:
                counts[row.period_start.month] += getattr(row, column)
    points: Points = [
        {
            "label": f"{month}月" if world.lang == "ja" else calendar.month_abbr[month],
            "series": world.word("share"),
            "value": PER * parts[month] / wholes[month],
            "low": PER * share.low,
            "high": PER * share.high,
            "is_context": False,
        }
        for month in range(1, MONTHS + 1)
        if wholes[month]
        for share in [share_interval(parts[month], wholes[month])]
    ]
    cells = [
        [one["label"], number(one["value"], 1), interval(one["low"], one["high"])] for one in points
    ]
    titles = (world.word("season_title"), world.word("season_sub", years=len(years)))
    columns = ("month", "share", "interval")
    return world.ranking("season", titles, columns, cells, figures.dots(points, ",.0f"))


def _whole_years(months: Sequence[TrendRow]) -> set[int]:
    found = Counter(row.period_start.year for row in months)
    return {year for year, seen in found.items() if seen == MONTHS}

"""
A figure of the report: one chart as a Vega-Lite description, in words, as a table and as CSV.

The page draws it with the runtime that lies beside it; without scripts its pre-rendered picture
stands there. All pictures come from the same description.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import vl_convert

from warehouse.charts import BLUE, FONT, GREEN, LIGHT, ORANGE
from warehouse.periods import Language
from warehouse.render import Rows, to_csv

Spec = dict[str, Any]
Points = list[dict[str, Any]]
WIDTH, HEIGHT, ROW_HEIGHT = (
    680,
    260,
    26,
)  # pixels; the width is that of a picture, a page fills its own
WORDS_HEIGHT = 280  # pixels, on a narrow screen
TIME_LOCALES: dict[Language, Literal["en-US", "ja-JP"]] = {"en": "en-US", "ja": "ja-JP"}
GREY = "#8a8f98"
COLOURS = (BLUE, ORANGE, GREEN, "#7a4f9a", "#b23a48", "#5c6773", "#a07d1c")
LEAST_SHARE = 0.1  # where the axis of a share ends at least
HEADROOM = 2.5  # times the largest value at most: wide intervals of thin periods leave the picture
CONFIG: Spec = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "#4a4f57",
        "labelFontSize": 12,
        "titleColor": "#4a4f57",
        "titleFontWeight": "normal",
        "gridColor": "#e6e8eb",
        "domainColor": "#b9bdc4",
        "tickColor": "#b9bdc4",
        "labelLimit": 170,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 12,
        "labelColor": "#333333",
        "labelLimit": 300,
        "symbolOpacity": 1,
        "columns": 2,
    },
    "title": {"anchor": "start", "fontSize": 16, "subtitleColor": "#5a5f67", "offset": 12},
}
X_TIME: Spec = {
    "field": "day",
    "type": "temporal",
    "title": None,
    "scale": {"type": "utc"},
    "axis": {"grid": False, "labelOverlap": True, "tickCount": 6},
}
COLOUR: Spec = {
    "field": "series",
    "type": "nominal",
    "sort": None,
    "scale": {"range": list(COLOURS)},
}
# Lines that lie on each other are all seen: the later ones are drawn thinner, on top.
THINNING = (4.5, 2.5, 1.25)
MOST_MARKED = 80  # points; more would hide their line


@dataclass(frozen=True, slots=True)
class Figure:
    """`rows` are those of the table as a reader sees them, `values` those of the CSV."""

    name: str
    title: str
    subtitle: str
    description: str
    columns: tuple[str, ...]
    rows: Rows
    value_columns: tuple[str, ...]
    values: Rows
    spec: Spec

    @property
    def for_page(self) -> Spec:
        sized = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
        return {**self.spec, **sized, "description": self.description}

    @property
    def frame_height(self) -> int:
        """Pixels of a frame that holds the chart with its words."""
        return int(self.spec["height"]) + WORDS_HEIGHT

    def picture(self, citation: str) -> Spec:
        """With its title and its source in it, for whoever takes it elsewhere."""
        title = {"text": self.title, "subtitle": [self.subtitle, citation]}
        return {**self.spec, "width": WIDTH, "title": title, "padding": 16}

    def svg(self, citation: str, lang: Language = "en") -> str:
        picture = self.picture(citation)
        return str(vl_convert.vegalite_to_svg(picture, time_format_locale=TIME_LOCALES[lang]))

    def csv(self) -> str:
        return to_csv(self.values, self.value_columns)


def number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:.{digits}%}"


def interval(low: float | None, high: float | None, digits: int = 1) -> str:
    return "–" if low is None or high is None else f"{low:,.{digits}f}–{high:,.{digits}f}"


def percents(low: float, high: float) -> str:
    return f"{low:.0%}–{high:.0%}"


def band(points: Points) -> Spec:
    """A line in its interval: `day`, `value`, `low`, `high`, `is_provisional` (its dashed tail)."""
    top = _top(points)
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"domain": [0, top]}}
    layers = [
        _layer("area", {"color": BLUE, "opacity": 0.15}, {"y": {**y, "field": "low"}, "y2": {"field": "high"}}),
        _layer("line", {"color": BLUE, "strokeDash": [4, 3], "opacity": 0.7}, {"y": y}),
        _layer("line", {"color": BLUE, "strokeWidth": 2.5}, {"y": y}, "!datum.is_provisional"),
        _layer("point", {"color": BLUE, "filled": True, "size": 30}, {"y": y, **_faded(), **_hints("value", "low", "high")}),
    ]  # fmt: skip
    return _spec(points, layers, X_TIME)


def bars(points: Points) -> Spec:
    """A bar each period with its interval as a whisker; lighter while provisional."""
    top = _top(points)
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, top]},
        "axis": {"tickMinStep": 1},
    }
    whole = {
        "x": {**X_TIME, "field": "start"},
        "x2": {"field": "end"},
        "y": y,
        "y2": {"datum": 0},
        **_faded(),
    }
    layers = [
        _layer("bar", {"color": ORANGE, "stroke": "white"}, {**whole, **_hints("value", "low", "high")}),
        _layer("rule", {"color": "#777777"}, {"y": {**y, "field": "low"}, "y2": {"field": "high"}}),
    ]  # fmt: skip
    return _spec(points, layers, X_TIME)


def lines(points: Points, unit: str = ",.0f") -> Spec:
    """Several lines: `day`, `value`, `series`, `is_provisional`."""
    is_share = unit == "%"
    most = max((one["value"] or 0 for one in points), default=0)
    axis = {"format": unit, "tickMinStep": 0.01 if is_share else 1}
    scale = {"domain": [0, max(most, LEAST_SHARE if is_share else 1)]}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": axis, "scale": scale}
    names = {one["series"] for one in points}
    widths = {
        **COLOUR,
        "type": "ordinal",
        "scale": {"range": THINNING if len(names) > 1 else [2.5, 2.5]},
        "legend": None,
    }
    size = 30 if len(points) <= MOST_MARKED * len(names) else 0
    layers = [
        _layer("line", {"strokeDash": [4, 3]}, {"y": y, "color": COLOUR}),
        _layer("line", {}, {"y": y, "color": COLOUR, "strokeWidth": widths}, "!datum.is_provisional"),
        _layer("point", {"filled": True, "size": size}, {"y": y, "color": COLOUR, **_faded(), **_hints("series", "value")}),
    ]  # fmt: skip
    return _spec(points, layers, X_TIME)


def stacks(points: Points) -> Spec:
    """A stacked bar each day: `day`, `value`, `series`."""
    y = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}}
    x = {**X_TIME, "timeUnit": "utcyearmonthdate"}
    bar = _layer("bar", {}, {"y": y, "color": COLOUR, **_hints("series", "value")})
    return _spec(points, [bar], x)


def dots(points: Points, unit: str = "%") -> Spec:
    """
    A row for each `label` with `value`, `low`, `high` of each `series`, in the order given.

    Points without an interval (`is_context`) are grey ticks: what else there is to compare with.
    """
    x = {"field": "value", "type": "quantitative", "title": None, "axis": {"format": unit, "tickCount": 6}}  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "title": None}
    offset = {"yOffset": {"field": "series", "type": "nominal", "sort": None}}
    shown = {"y": {**y, "axis": {"grid": False, "ticks": False, "domain": False}}}
    is_one = len({one["series"] for one in points if not one["is_context"]}) < 2  # noqa: PLR2004
    legend = None if is_one else {"columns": 1}
    mine = {**shown, "color": {**COLOUR, "legend": legend}, **({} if is_one else offset)}  # fmt: skip
    layers = [
        _layer("tick", {"color": GREY, "thickness": 1.5, "opacity": 0.55}, {**shown, "x": x, **_hints("series", "value")}, "datum.is_context"),
        _layer("rule", {"strokeWidth": 2, "opacity": 0.5}, {**mine, "x": {**x, "field": "low"}, "x2": {"field": "high"}}, "!datum.is_context"),
        _layer("point", {"filled": True, "size": 60}, {**mine, "x": x, **_hints("series", "value", "low", "high")}, "!datum.is_context"),
    ]  # fmt: skip
    if not any(one["is_context"] for one in points):
        del layers[0]
    if any((one["low"] or 0) < 0 for one in points):
        layers.insert(0, _layer("rule", {"color": GREY}, {"x": {"datum": 0}}))
    rows = len({one["label"] for one in points}) or 1
    return {**_spec(points, layers), "height": ROW_HEIGHT * rows + 20}


def ranks(points: Points) -> Spec:
    """A bar for each `label`, in the order given."""
    x = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "tickCount": 6}}  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "title": None}
    bar = _layer("bar", {"color": BLUE, "height": {"band": 0.7}}, {"x": x, "y": y, **_hints("label", "value")})  # fmt: skip
    return {**_spec(points, [bar]), "height": ROW_HEIGHT * (len(points) or 1) + 20}


def _top(points: Points) -> float:
    """Where the axis ends: at the widest interval, unless that would flatten the values."""
    most = max((one["value"] or 0 for one in points), default=0)
    return min(HEADROOM * most, max((one["high"] or 0 for one in points), default=0)) or 1


def _spec(points: Points, layers: list[Spec], x: Spec | None = None) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "height": HEIGHT,
        "config": CONFIG,
        "data": {"values": points},
        "layer": layers,
        **({"encoding": {"x": x}} if x else {}),
    }


def _layer(mark: str, style: Spec, encoding: Spec, only: str | None = None) -> Spec:
    layer: Spec = {"mark": {"type": mark, "clip": mark in {"area", "rule"}, **style}, "encoding": encoding}  # fmt: skip
    return {**layer, "transform": [{"filter": only}]} if only else layer


def _faded() -> Spec:
    return {"opacity": {"condition": {"test": "datum.is_provisional", "value": LIGHT}, "value": 1}}


def _hints(*names: str) -> Spec:
    kinds = {"series": "nominal", "label": "nominal"}
    hints: list[Spec] = [
        {"field": name, "type": kinds.get(name, "quantitative"), "format": ",.3~f"}
        if name not in kinds
        else {"field": name, "type": kinds[name]}
        for name in names
    ]
    return {"tooltip": hints}


def middle(start: date, end: date) -> str:
    return (start + (end - start) / 2).isoformat()

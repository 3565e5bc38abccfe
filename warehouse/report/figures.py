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
WIDTH, HEIGHT, ROW_HEIGHT = 680, 260, 26  # pixels; the width of a picture, a page fills its own
WORDS_HEIGHT = 280  # pixels, on a narrow screen
TIME_LOCALES: dict[Language, Literal["en-US", "ja-JP"]] = {"en": "en-US", "ja": "ja-JP"}
DAYS: dict[Language, dict[str, str]] = {  # of an axis, by the step between its ticks
    "en": {"year": "%Y", "quarter": "%b", "month": "%b", "week": "%b %-d", "date": "%b %-d"},
    "ja": {"year": "%Y年", "quarter": "%b", "month": "%b", "week": "%b%-d日", "date": "%b%-d日"},
}
GREY, RED, TEXT = "#8a8f98", "#b23a48", "#4a4f57"
COLOURS = (BLUE, ORANGE, GREEN, "#7a4f9a", RED, "#5c6773", "#8a6a12")
LEAST_SHARE = 0.1  # where the axis of a share ends at least
HEADROOM = 2.5  # times the largest value at most: wide intervals of thin periods leave the picture
CONFIG: Spec = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT,
        "labelFontSize": 12,
        "titleColor": TEXT,
        "titleFontWeight": "normal",
        "gridColor": "#e6e8eb",
        "domainColor": "#b9bdc4",
        "tickColor": "#b9bdc4",
        "labelLimit": 210,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 12,
        "labelColor": "#333333",
        "labelLimit": 300,
        "symbolOpacity": 1,
        "columns": 3,
    },
    "title": {"anchor": "start", "fontSize": 16, "subtitleColor": "#5a5f67", "offset": 12},
}
X_TIME: Spec = {
    "field": "day",
    "type": "temporal",
    "title": None,
    "scale": {"type": "utc"},
    "axis": {"grid": False, "labelOverlap": True, "labelSeparation": 8, "tickCount": 6},
}
COLOUR: Spec = {
    "field": "series",
    "type": "nominal",
    "sort": None,
    "scale": {"range": list(COLOURS)},
    "legend": None,
}
# Lines that lie on each other are all seen: the later ones are drawn thinner, on top.
THINNING = (4.5, 2.5, 1.25)
MOST_MARKED = 80  # points; more would hide their line
FEW = 10  # of which the first decimal matters
LABEL_HEIGHT = 20  # pixels from a label to the next above
AT_END: Spec = {"align": "right", "dy": -10}
TAIL = 0.25  # of a line's points, on the right: its label lies above them


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
        *_written(_ends(points), {"y": {**y, "field": "at"}, "color": {"value": BLUE}}, AT_END),
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
    ends = _ends(points, unit)
    least = max(most, LEAST_SHARE if is_share else 1)
    scale = {"domain": [0, max([least, *(one["at"] + _step(most) for one in ends)])]}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": axis, "scale": scale}
    names = {one["series"] for one in points}
    widths = {
        **COLOUR,
        "type": "ordinal",
        "scale": {"range": THINNING if len(names) > 1 else [2.5, 2.5]},
    }
    size = 30 if len(points) <= MOST_MARKED * len(names) else 0
    layers = [
        _layer("line", {"strokeDash": [4, 3]}, {"y": y, "color": COLOUR}),
        _layer("line", {}, {"y": y, "color": COLOUR, "strokeWidth": widths}, "!datum.is_provisional"),
        _layer("point", {"filled": True, "size": size}, {"y": y, "color": COLOUR, **_faded(), **_hints("series", "value")}),
        *_written(ends, {"y": {**y, "field": "at"}, "color": COLOUR}, AT_END),
    ]  # fmt: skip
    return _spec(points, layers, X_TIME)


def stacks(points: Points, colours: dict[str, str]) -> Spec:
    """A stacked bar each day: `day`, `value`, `series`, each series in its colour."""
    y = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}}
    x = {**X_TIME, "timeUnit": "utcyearmonthdate"}
    colour = {**COLOUR, "scale": {"domain": list(colours), "range": list(colours.values())}, "legend": {}}  # fmt: skip
    bar = _layer("bar", {}, {"y": y, "color": colour, **_hints("series", "value")})
    return _spec(points, [bar], x)


def dots(points: Points, unit: str = "%", ticks: str | None = None) -> Spec:
    """
    A row for each `label` with `value`, `low`, `high` of each `series`, in the order given.

    Points without an interval (`is_context`) are grey ticks: what else there is to compare with.
    The `text` of a point is written above it. `ticks` is an expression for those of the axis.
    """
    axis = {"format": unit, "tickCount": 6, **({"labelExpr": ticks} if ticks else {})}
    x: Spec = {"field": "value", "type": "quantitative", "title": None, "axis": axis}
    noted = [one for one in points if one.get("text")]
    if noted:
        x["scale"] = {"domain": [0, 1.05 * max(one["high"] for one in noted)]}
    y = {"field": "label", "type": "nominal", "sort": None, "title": None}
    offset = {"yOffset": {"field": "series", "type": "nominal", "sort": None}}
    rows = {"gridColor": "#f2f3f5", "grid": True, "ticks": False, "domain": False}
    shown = {"y": {**y, "axis": rows}}
    is_one = len({one["series"] for one in points if not one["is_context"]}) < 2  # noqa: PLR2004
    legend: Spec | None = None if is_one else {}
    mine = {**shown, "color": {**COLOUR, "legend": legend}, **({} if is_one else offset)}  # fmt: skip
    layers = [
        _layer("tick", {"color": GREY, "thickness": 1.5, "opacity": 0.55}, {**shown, "x": x, **_hints("series", "value")}, "datum.is_context"),
        _layer("rule", {"strokeWidth": 2, "opacity": 0.5}, {**mine, "x": {**x, "field": "low"}, "x2": {"field": "high"}}, "!datum.is_context"),
        _layer("point", {"filled": True, "size": 60, "opacity": 1}, {**mine, "x": x, **_hints("series", "value", "low", "high")}, "!datum.is_context"),
        *_written(noted, {**shown, "x": x, "color": {"value": BLUE}}, {"align": "center", "dy": -11, "fontSize": 11}),
    ]  # fmt: skip
    if not any(one["is_context"] for one in points):
        del layers[0]
    if any((one["low"] or 0) < 0 for one in points):
        layers.insert(0, _layer("rule", {"color": GREY}, {"x": {"datum": 0}}))
    count = len({one["label"] for one in points}) or 1
    return {**_spec(points, layers), "height": ROW_HEIGHT * count + 20}


def ranks(points: Points) -> Spec:
    """A bar for each `label`, in the order given, its number at its end."""
    most = max((one["value"] for one in points), default=0) or 1
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1.2 * most]}}  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False}}
    layers = [
        _layer("bar", {"color": BLUE, "height": {"band": 0.7}}, {"x": x, "y": y, **_hints("label", "value")}),
        *_written([{**one, "text": f"{one['value']:,}"} for one in points], {"x": x, "y": y, "color": {"value": TEXT}}, {"align": "left", "dx": 6}),
    ]  # fmt: skip
    return {**_spec(points, layers), "height": ROW_HEIGHT * (len(points) or 1) + 20}


def dated(spec: Spec, lang: Language) -> Spec:
    """With the days of its axis as the language writes them."""
    x = spec["encoding"]["x"]
    axis = {**x["axis"], "format": DAYS[lang]}
    return {**spec, "encoding": {"x": {**x, "axis": axis}}}


def _ends(points: Points, unit: str = ",.0f") -> Points:
    """
    What is written at the right end of each line: its name, last value and interval.

    Each lies above its own line's tail, and all above one another (`at`).
    """
    values = [one for one in points if one["value"] is not None]
    step = _step(max((one["value"] for one in values), default=0))
    found = []
    for name in dict.fromkeys(one.get("series") for one in values):
        line = [one for one in values if one.get("series") == name]
        last = line[-1]
        known = name is None and last["low"] is not None and last["high"] is not None
        spread = f" ({_short(last['low'], unit)}–{_short(last['high'], unit)})" if known else ""
        text = f"{name or ''} {_short(last['value'], unit)}{spread}".strip()
        at = max(one["value"] for one in line[-max(1, round(TAIL * len(line))) :])
        found.append({"day": last["day"], "series": name, "text": text, "at": at})
    below = -step
    for one in sorted(found, key=lambda one: float(one["at"])):
        one["at"] = below = max(one["at"], below + step)
    return found


def _short(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.0%}"
    return f"{value:,.1f}" if value < FEW and value % 1 else f"{value:,.0f}"


def _step(most: float) -> float:
    """What a label's height is on an axis that ends a little above the largest value."""
    return (most or 1) * LABEL_HEIGHT / HEIGHT


def _written(points: Points, encoding: Spec, place: Spec) -> list[Spec]:
    """The `text` of the points, at its place beside them; a white rim keeps it readable on lines."""
    text = {"text": {"field": "text", "type": "nominal"}}
    font = {"fontSize": 12, "fontWeight": 600, "baseline": "middle", **place}
    rim = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    layers = [
        _layer("text", {**font, **rim}, {**encoding, **text, "color": {"value": "white"}}),
        _layer("text", font, {**encoding, **text}),
    ]
    return [{**layer, "data": {"values": points}} for layer in layers] if points else []


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

"""
Draw a trend, as SVG or PNG: what opens in each period as bars, what is open as lines.

The same trend gives the same bytes. Periods that may still change are drawn lighter. Labels are
English or Japanese.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import altair as alt
import vl_convert

from warehouse.trend import Trend, TrendRow

Language = Literal["en", "ja"]
WIDTH, HEIGHT, SMALL_HEIGHT = 640, 180, 120  # pixels
SCALE = 2.0  # of a PNG, for dense screens and print
FONT = "Noto Sans, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, IPAexGothic, sans-serif"
BLUE, ORANGE, GREEN = "#3366aa", "#b8531f", "#35764a"  # dark enough for words on white
LIGHT = 0.4
HEADROOM = 1.5  # times the largest share


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    subtitle: str
    stock: str
    flow: str
    new: str
    active: str
    employers: str
    posts: str
    share: str
    source: str


WORDS: dict[Language, Words] = {
    "en": Words(
        title="Demand for {label_en}",
        stock="{boards} boards in the panel",
        flow="{boards} monthly threads",
        subtitle="{panel}, source {source}, as of {as_of_date}; light: provisional, lines: 95 % interval",
        new="new openings",
        active="active openings",
        employers="employers hiring",
        posts="posts",
        share="per 10,000",
        source="Public job posts; counts advertisements, not hires.",
    ),
    "ja": Words(
        title="{label_ja}の求人",
        stock="定点観測の掲載元{boards}件",
        flow="月次スレッド{boards}件",
        subtitle="{panel}、ソース{source}、{as_of_date}現在。薄い色は速報値、縦線は95%信頼区間",
        new="新規求人",
        active="掲載中の求人",
        employers="募集企業",
        posts="投稿",
        share="1万件あたり",
        source="公開求人による。広告の件数であり、採用人数ではない。",
    ),
}


def to_svg(trend: Trend, lang: Language = "en") -> str:
    return str(vl_convert.vegalite_to_svg(_spec(trend, lang)))


def to_png(trend: Trend, lang: Language = "en") -> bytes:
    return bytes(vl_convert.vegalite_to_png(_spec(trend, lang), scale=SCALE))


def _spec(trend: Trend, lang: Language) -> dict[str, Any]:
    spec: dict[str, Any] = chart(trend, lang).to_dict()
    return spec


def chart(trend: Trend, lang: Language = "en") -> alt.VConcatChart:
    """The chart, for notebooks. Above: stocks, or the share of a thread. Below: new by period."""
    words = WORDS[lang]
    facts = {
        "label_en": trend.label_en,
        "label_ja": trend.label_ja,
        "panel": getattr(words, trend.kind).format(boards=trend.boards),
        "source": trend.source,
        "as_of_date": trend.as_of_date.isoformat(),
    }
    data = alt.Data(values=[_point(row) for row in trend.rows])  # type: ignore[no-untyped-call]
    if trend.kind == "stock":
        lines = [
            ("active_openings", words.active, BLUE, -7),
            ("employers_hiring", words.employers, GREEN, 7),
        ]
        above = alt.layer(*(_line(data, *line) for line in lines))
        below = [
            _bars(data, "new_openings", words.new),
            _intervals(data, "new_openings_low", "new_openings_high"),
        ]
    else:
        # A thread of 17 posts has an interval that would flatten all others: it leaves the picture.
        top = HEADROOM * max((row.share_per_10000 or 0 for row in trend.rows), default=0) or 1
        scale = alt.Scale(domain=[0, top])
        share = _line(data, "share_per_10000", words.share, BLUE, 0, scale)
        above = alt.layer(_intervals(data, "share_low", "share_high", scale), share)
        below = [_bars(data, "new_postings", words.posts)]
    title = alt.TitleParams(
        words.title.format(**facts),
        subtitle=[words.subtitle.format(**facts), words.source],
        anchor="start",
    )
    panels = (
        above.properties(width=WIDTH, height=HEIGHT),
        alt.layer(*below).properties(width=WIDTH, height=SMALL_HEIGHT),
    )
    whole = alt.vconcat(*panels, title=title).resolve_scale(x="shared")
    styled: alt.VConcatChart = whole.configure(font=FONT, background="white")
    return styled


def _point(row: TrendRow) -> dict[str, Any]:
    return {
        "start": row.period_start.isoformat(),
        "end": (row.period_end + timedelta(1)).isoformat(),
        "middle": _middle(row.period_start, row.period_end).isoformat(),
        "active_openings": row.active_openings,
        "employers_hiring": row.employers_hiring,
        "new_openings": row.new_openings,
        "new_openings_low": row.new_openings_low,
        "new_openings_high": row.new_openings_high,
        "new_postings": row.new_postings,
        "share_per_10000": row.share_per_10000,
        "share_low": row.share_low,
        "share_high": row.share_high,
        "is_provisional": row.is_provisional,
    }


def _middle(start: date, end: date) -> date:
    return start + (end - start) / 2


def _x(name: str) -> alt.X:
    return alt.X(f"{name}:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(grid=False))


def _opacity() -> Any:  # noqa: ANN401 - Altair's conditions have no public type
    return alt.condition("datum.is_provisional", alt.value(LIGHT), alt.value(1))


def _line(
    data: alt.Data, name: str, title: str, colour: str, dy: int, scale: alt.Scale | None = None
) -> alt.LayerChart:
    y = alt.Y(f"{name}:Q", title=None, scale=scale or alt.Undefined)
    base = alt.Chart(data).encode(x=_x("middle"), y=y)
    label = (
        base.transform_window(last="last_value(middle)", frame=[None, None])
        .transform_filter("datum.middle == datum.last")
        .mark_text(align="left", dx=6, dy=dy, color=colour)
        .encode(text=alt.value(title))
    )
    points = base.mark_point(color=colour, filled=True).encode(opacity=_opacity())
    return alt.LayerChart(layer=[base.mark_line(color=colour, strokeWidth=1.5), points, label])


def _bars(data: alt.Data, name: str, title: str) -> alt.Chart:
    y = alt.Y(f"{name}:Q", title=title, axis=alt.Axis(tickMinStep=1))
    bars: alt.Chart = alt.Chart(data).mark_bar(color=ORANGE, stroke="white")
    return bars.encode(x=_x("start"), x2="end:T", y=y, y2=alt.datum(0), opacity=_opacity())


def _intervals(data: alt.Data, low: str, high: str, scale: alt.Scale | None = None) -> alt.Chart:
    """The 95 % intervals of the counts, as whiskers."""
    rules: alt.Chart = alt.Chart(data).mark_rule(color="#bbbbbb", clip=scale is not None)
    y = alt.Y(f"{low}:Q", scale=scale or alt.Undefined)
    return rules.encode(x=_x("middle"), y=y, y2=f"{high}:Q")

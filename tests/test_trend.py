"""The trend of a role: counts, intervals, zeros, names, charts."""

import json
from datetime import date

import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse import charts
from warehouse.build import build
from warehouse.errors import NotPublishedError, UnknownNameError
from warehouse.statistics import poisson_interval, share_interval
from warehouse.trend import trend
from warehouse.workspace import Workspace


def places(*names, **fields):
    return tuple(Ad(name, location=name, **fields) for name in names)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """40 nights from 1 January 2026, a Thursday: a, b; then c opens and b closes in February."""
    workspace = Workspace(tmp_path_factory.mktemp("trend"))
    board = Board("x", [places("a", "b")] * 33 + [places("a", "c")] * 7)
    other = Board("y", [places("us", title="Accountant", country_code="US")] * 40, source="lever")
    threads = [
        Board(month, [posts], source="hackernews", kind="flow", employer=None)
        for month, posts in {
            "2025-12": (Ad("1", employer="Foo"), Ad("2", employer="Bar", title="CTO")),
            "2026-01": (Ad("3", employer="Baz", title="Accountant"),),
        }.items()
    ]
    make_store(workspace.store, [board, other, *threads])
    build(workspace, taxonomy=TAXONOMY)
    workspace.new_warehouse.rename(workspace.warehouse)
    return workspace


def counts(result, *names):
    return [tuple(getattr(row, name) for name in names) for row in result.rows]


def test_by_month(workspace):
    result = trend(workspace, "vp_engineering")
    assert counts(result, "period_start", "active_openings", "new_openings", "closed_openings") == [
        (date(2026, 1, 1), 2, 0, 0),
        (date(2026, 2, 1), 2, 1, 1),
    ]
    assert counts(result, "share_per_10000", "boards_observed", "is_provisional") == [
        (6666.667, 2, False),
        (6666.667, 2, True),
    ]
    assert result.as_of_date == date(2026, 2, 9)
    assert result.notes[0] == "Panel: 2 boards in the panel, source all; as of 2026-02-09."


def test_by_week_and_day_from_a_date_on(workspace):
    weeks = trend(workspace, "vp_engineering", by="week", since=date(2026, 2, 2))
    assert counts(weeks, "period_start", "period_end", "new_openings") == [
        (date(2026, 2, 2), date(2026, 2, 8), 1),
        (date(2026, 2, 9), date(2026, 2, 9), 0),
    ]
    days = trend(workspace, "vp_engineering", by="day", since=date(2026, 2, 2))
    assert [row.new_openings for row in days.rows] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_every_way_of_counting_new_openings_agrees(workspace):
    totals = {
        by: sum(row.new_openings for row in trend(workspace, "vp_engineering", by=by).rows)
        for by in ("month", "week", "day")
    }
    assert totals == {"month": 1, "week": 1, "day": 1}


def test_a_role_that_nobody_advertised_is_zero_not_absent(workspace):
    result = trend(workspace, "engineering_manager", by="week")
    assert len(result.rows) == 7
    assert set(counts(result, "active_openings", "new_openings")) == {(0, 0)}
    assert result.rows[0].new_openings_high == 3.689


def test_slices(workspace):
    assert trend(workspace, "vp_engineering", country="jp").rows[-1].active_openings == 2
    assert trend(workspace, "vp_engineering", country="US").rows[-1].active_openings == 0
    assert trend(workspace, "vp_engineering", source="lever").rows[-1].active_openings == 0
    assert trend(workspace, "all").rows[-1].active_openings == 3


def test_groups_and_labels_are_names_too(workspace):
    assert trend(workspace, "vpoe_broad").role_id == "vpoe_broad"
    assert trend(workspace, "VP Engineering").role_id == "vp_engineering"


def test_a_flow_has_posts_and_no_stock(workspace):
    result = trend(workspace, "vpoe_broad", source="hackernews")
    assert counts(
        result,
        "period_start",
        "new_postings",
        "employers_hiring",
        "share_per_10000",
        "active_openings",
    ) == [
        (date(2025, 12, 1), 2, 2, 10000, None),
        (date(2026, 1, 1), 0, 0, 0, None),
    ]
    with pytest.raises(UnknownNameError, match="one thread a month and no weeks"):
        trend(workspace, "vpoe_broad", by="week", source="hackernews")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"role": "vp_enginering"}, "no role 'vp_enginering'; did you mean vp_engineering"),
        ({"role": "zzz"}, "no role 'zzz'; there is all, cto"),
        ({"role": "cto", "country": "UK"}, "no country 'UK'; "),
        ({"role": "cto", "source": "leaver"}, "no source 'leaver'; did you mean lever"),
    ],
)
def test_a_wrong_name_meets_near_ones(workspace, question, message):
    with pytest.raises(UnknownNameError, match=message):
        trend(workspace, **question)


def test_before_publishing(tmp_path):
    with pytest.raises(NotPublishedError, match="vpoe nightly"):
        trend(Workspace(tmp_path), "cto")


def test_formats(workspace):
    result = trend(workspace, "vp_engineering")
    table = result.render()
    assert table.splitlines()[0].split() == [
        "month",
        "active",
        "employers",
        "new",
        "95",
        "%",
        "closed",
        "per",
        "10,000",
        "boards",
        "panel",
        "carried",
    ]
    assert "2026-02-01" in table
    assert "advertisements, not hires" in table
    assert json.loads(result.render("json"))["rows"][1]["new_openings"] == 1
    assert (
        result.render("csv").splitlines()[0].startswith("period_start,period_end,active_openings")
    )
    flow = trend(workspace, "cto", source="hackernews").render()
    assert "posts" in flow
    assert "active" not in flow.splitlines()[0]


def test_charts_are_deterministic_and_speak_both_languages(workspace):
    result = trend(workspace, "vp_engineering", by="week")
    svg = charts.to_svg(result)
    assert svg == charts.to_svg(result)
    assert svg.startswith("<svg")
    for words in ("Demand for vp engineering", "new openings", "as of 2026-02-09", "not hires"):
        assert words in svg
    assert "新規求人" in charts.to_svg(result, "ja")
    assert charts.to_png(result).startswith(b"\x89PNG")
    assert "per 10,000" in charts.to_svg(trend(workspace, "cto", source="hackernews"))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.689),
        (1, 0.025, 5.572),
        (3, 0.619, 8.767),
        (7, 2.814, 14.423),
        (12, 6.201, 20.962),
        (20, 12.217, 30.888),
        (30, 20.241, 42.827),
    ],
)
def test_g4_exact_interval_of_a_count(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (9, 12_400, 3.819, 13.790),
        (14, 13_100, 6.367, 17.932),
        (0, 500, 0, 76.243),
        (2, 800, 6.859, 90.691),
    ],
)
def test_g6_interval_of_a_share_per_10000(count, total, low, high):
    interval = share_interval(count, total)
    assert (10_000 * interval.low, 10_000 * interval.high) == pytest.approx((low, high), abs=5e-4)


def test_intervals_contain_their_estimate_and_refuse_nonsense():
    assert share_interval(0, 0) == (0, float("inf"))
    for count in range(40):
        low, high = poisson_interval(count)
        assert low <= count <= high
    with pytest.raises(ValueError, match="negative"):
        poisson_interval(-1)
    with pytest.raises(ValueError, match="3 of 2"):
        share_interval(3, 2)

"""Days open of a role from a published file: what is still open counts too."""

import json
from datetime import date, timedelta

import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.durations import role_days_open
from warehouse.errors import UnknownNameError
from warehouse.workspace import Workspace

FIRST = date(2026, 1, 1)
NIGHTS = 100


def publish(folder, lives, rest=()):
    """Openings by the night each appears and the nights that it is open; the rest never closes."""
    workspace = Workspace(folder)
    workspace.create()
    nights = [
        tuple(
            Ad(f"{start}-{life}", location=f"{start}-{life}")
            for start, life in lives
            if start <= night < start + life
        )
        + tuple(rest)
        for night in range(NIGHTS)
    ]
    make_store(workspace.store, [Board("one", nights)], first=FIRST)
    build(workspace, taxonomy=TAXONOMY)
    workspace.new_warehouse.rename(workspace.warehouse)
    return workspace


def test_closed_and_open_ones_together(tmp_path):
    # the durations of method 2.7: four closed after 5, 12, 20, 33 days, four open since 7, 15, 40, 60
    closed = [(10, 5), (11, 12), (12, 20), (13, 33)]
    still_open = [(NIGHTS - 1 - age, 999) for age in (7, 15, 40, 60)]
    found = role_days_open(publish(tmp_path, closed + still_open), "vp_engineering")
    line = found.lines["all"]
    assert (line.spells, line.closed) == (8, 4)
    # the true closing lies in a night: the midpoint is half a day before the night without it
    assert (line.median_days, line.closed_only_median_days) == (32.5, 15.5)
    assert [step.survival for step in line.steps] == pytest.approx(
        [0.875, 0.7292, 0.5469, 0.3646], abs=5e-5
    )
    table = found.render()
    assert table.splitlines()[2].split()[-5:] == ["8", "4", "32.5", "4.5–∞", "15.5"]
    assert "mean age of the open ones (30)" in table
    assert "Little" not in table
    assert json.loads(found.render("json"))["lines"]["all"]["median_days"] == 32.5
    assert found.render("csv").splitlines()[1] == "all,8,4,32.5,4.5,inf,15.5"


def test_what_was_there_first_enters_at_its_claimed_age_or_not_at_all(tmp_path):
    dated = Ad("dated", location="dated", posted_date=FIRST - timedelta(30))
    undated = Ad("undated", location="undated")
    found = role_days_open(publish(tmp_path, [(10, 5)], rest=(dated, undated)), "vp_engineering")
    line = found.lines["all"]
    assert (line.spells, line.closed) == (2, 1)
    # at day 5 the dated one wasn't watched yet
    assert line.steps[0].at_risk == 1


def test_not_reached_and_unknown(tmp_path):
    workspace = publish(tmp_path, [(10, 5), (20, 999), (21, 999), (22, 999)])
    assert "not reached" in role_days_open(workspace, "vp_engineering").render()
    assert "到達せず" in role_days_open(workspace, "vp_engineering", lang="ja").render()
    assert role_days_open(workspace, "cto").lines["all"].spells == 0
    with pytest.raises(UnknownNameError, match="no role"):
        role_days_open(workspace, "nobody")


def test_a_stock_that_flow_and_days_open_do_not_explain(tmp_path):
    steady = [(start, 10) for start in range(1, 99, 2)]
    fits = publish(tmp_path / "fits", steady)
    assert "Little" not in role_days_open(fits, "vp_engineering").render()
    brought = [Ad(f"x{n}", location=f"x{n}") for n in range(20)]  # by the board when it entered
    doubtful = publish(tmp_path / "doubtful", steady, rest=brought)
    assert "+4" in role_days_open(doubtful, "vp_engineering").notes[-1]
    assert "リトル" in role_days_open(doubtful, "vp_engineering", lang="ja").notes[-1]

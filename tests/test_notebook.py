"""The example notebook runs, and its figures are those of the commands."""

import runpy
from datetime import date
from pathlib import Path

import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.claims import claim
from warehouse.trend import trend
from warehouse.workspace import Workspace

pytest.importorskip("marimo", reason="the notebook extra isn't installed")
NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebook.py"


def published(folder: Path, nights: int) -> Path:
    workspace = Workspace(folder)
    board = Board(
        "x",
        [
            [Ad("1", skills=("python",)), *[Ad("2", location="Osaka")] * (n > 34)]
            for n in range(nights)
        ],
    )
    make_store(workspace.store, [board])
    build(workspace, taxonomy=TAXONOMY).path.replace(workspace.warehouse)
    return workspace.warehouse


def test_every_cell_runs_and_says_what_the_commands_say(tmp_path, monkeypatch):
    file = published(tmp_path, nights=75)
    monkeypatch.setenv("VPOE_FILE", str(file))
    _, defined = runpy.run_path(str(NOTEBOOK))["app"].run()
    assert defined["demand"] == trend(file, "vp_engineering", by="week")
    months = [(row["period_start_date"], row["new_openings"]) for row in defined["months"]]
    assert months == [(date(2026, 1, 1), 0), (date(2026, 2, 1), 1), (date(2026, 3, 1), 0)]
    assert [row["skill_id"] for row in defined["skills"]] == ["python"]
    assert defined["said"] == claim(file, "vp_engineering", "2026-02")


def test_a_single_night_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("VPOE_FILE", str(published(tmp_path, nights=1)))
    _, defined = runpy.run_path(str(NOTEBOOK))["app"].run()
    assert defined["said"] is None

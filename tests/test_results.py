"""The page of results says what the tables say. All postings are invented."""

from datetime import date

import pytest

from tests.replay import sections
from tests.replay.results import _newest_whole_quarter, first_openings
from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.workspace import Workspace


def published(folder, boards):
    workspace = Workspace(folder)
    make_store(workspace.store, boards)
    build(workspace, taxonomy=TAXONOMY).path.replace(workspace.warehouse)
    return workspace.warehouse


@pytest.fixture(scope="module")
def threads(tmp_path_factory):
    def thread(month, role, others):
        posts = [Ad(f"{n}", employer=f"{month}-{n}") for n in range(role)]
        rest = [Ad(f"9{n}", title="CTO", employer=f"o{month}{n}") for n in range(others)]
        return Board(month, [(*posts, *rest)], source="hackernews", kind="flow", employer=None)

    boards = [thread("2024-11", 20, 20), thread("2025-11", 10, 30), thread("2025-12", 20, 60)]
    return published(tmp_path_factory.mktemp("threads"), boards)


@pytest.fixture
def roles(monkeypatch):
    monkeypatch.setattr(sections, "ROLES", ("vp_engineering", "cto"))


def test_years_are_shares_of_all_postings_with_their_intervals(threads, roles):
    assert sections.years(threads, "hackernews").splitlines()[2:] == [
        "| 2024 | 20 (12.2–30.9) | 40 | 5000.0 (3520.0–6480.0) | 5000.0 (3520.0–6480.0) |",
        "| 2025 | 30 (20.2–42.8) | 120 | 2500.0 (1811.0–3344.1) | 7500.0 (6655.9–8189.0) |",
    ]


def test_the_index_stands_beside_naive_counting(threads):
    title, _, _, _, *rows = sections.index(threads, "hackernews").splitlines()
    assert title == "Of `vp_engineering`."
    assert [row.split(" | ")[2:4] for row in rows] == [
        ["100.0", "100.0"],
        ["50.0", "50.0"],
        ["50.0", "100.0"],
    ]


def test_days_open_and_verdicts_are_those_of_the_commands(tmp_path, roles):
    nights = [(Ad("1"), Ad("2", location="Osaka"))] * 3 + [(Ad("2", location="Osaka"),)]
    file = published(tmp_path, [Board("x", nights)])
    rows = sections.days(file).splitlines()
    assert len(rows) == 2 + 2 * 2
    assert rows[2].startswith("| vp_engineering | all | 0 | 0 | not reached")
    found = sections.verdicts(file, None)
    assert "| Demand for VPoEs rises | not decidable from these data |" in found
    assert found.count("\n| ") == 1 + 15
    assert "withheld" in sections.comparison(file, None, "2026-Q1")


def test_first_openings_are_in_the_order_of_the_threads(threads):
    months = [row[0] for row in first_openings(threads)]
    assert months == ["2024-11"] * 20
    assert first_openings(threads)[0] == (
        "2024-11",
        "2024-11-0",
        "https://jobs.example/2024-11/0",
        "VP of Engineering",
    )


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 8, 22), "2026-Q2"),
        (date(2026, 6, 30), "2026-Q2"),
        (date(2026, 6, 29), "2026-Q1"),
        (date(2026, 1, 15), "2025-Q4"),
    ],
)
def test_the_newest_whole_quarter(day, quarter):
    assert _newest_whole_quarter(day) == quarter


def test_a_cell_cannot_break_its_table():
    assert sections.table(("a",), [("x|y\n<b>",), (None,)]).splitlines()[2:] == [
        "| x\\|y &lt;b> |",
        "|  |",
    ]

"""Employers that are renamed, merge, or hire beside their holding (fault 77)."""

from datetime import date

import duckdb
import pytest

from taxonomy.rows import TaxonomyError
from tests.stores import TAXONOMY, Ad, Board, daily, day, make_store
from warehouse.build import build
from warehouse.employers import load_employer_aliases
from warehouse.workspace import Workspace

HEADER = "alias,employer,valid_from_date,valid_to_date,reason,note\n"


def alias(name, employer, valid_from=None, valid_to=None):
    dates = {"valid_from_date": valid_from, "valid_to_date": valid_to}
    return {"alias": name, "employer": employer, **dates}


def build_with(folder, boards, *aliases, published_date=None):
    """Build and publish without the checks, with these aliases; return the tables."""
    workspace = Workspace(folder)
    if boards:
        make_store(workspace.store, boards)
    taxonomy = {**TAXONOMY, "employer_aliases": list(aliases)}
    report = build(workspace, taxonomy=taxonomy, published_date=published_date)
    report.path.replace(workspace.warehouse)
    return duckdb.connect(str(workspace.warehouse), read_only=True)


def two_boards(first, second, nights=4):
    return [
        Board("a", [(Ad("1", location="Tokyo"),)] * nights, employer=first),
        Board("b", [(Ad("2", location="Osaka"),)] * nights, employer=second),
    ]


@pytest.mark.parametrize(
    ("aliases", "hiring"),
    [
        ([], [2, 2, 2, 2]),  # a holding and its subsidiary hire in their own names
        ([alias("Old", "New")], [1, 1, 1, 1]),  # renamed: it was one employer all along
        ([alias("Old", "New", day(3))], [2, 2, 1, 1]),  # merged on the third day
        ([alias("Old", "New", None, day(3))], [1, 1, 2, 2]),  # parted on the third day
        ([alias("Old", "New", day(2), day(4))], [2, 1, 1, 2]),
        ([alias("Old", "Both", day(3)), alias("New", "Both", day(3))], [2, 2, 1, 1]),
        ([alias("Other", "New")], [2, 2, 2, 2]),
    ],
)
def test_fault_77_employers_are_counted_by_the_names_of_the_day(tmp_path, aliases, hiring):
    boards = two_boards("Old, Inc.", "New K.K.")
    with build_with(tmp_path, boards, *aliases) as tables:
        assert daily(tables, "employers_hiring") == hiring
        assert daily(tables) == [2, 2, 2, 2]  # openings are none the fewer


def test_fault_77_a_thread_is_counted_by_the_names_of_its_month(tmp_path):
    posts = (Ad("1", employer="Old"), Ad("2", employer="New", location="Osaka"))
    boards = [
        Board(month, [posts], source="hackernews", kind="flow", employer=None)
        for month in ("2025-11", "2025-12")
    ]
    with build_with(tmp_path, boards, alias("Old", "New", date(2025, 12, 1))) as tables:
        assert tables.execute(
            "select employers_hiring, new_postings from role_demand_monthly "
            "where role_id = 'vp_engineering' and kind = 'flow' and source = 'hackernews' "
            "and country_code = 'all' order by month"
        ).fetchall() == [(2, 2), (1, 2)]


def test_fault_77_a_renamed_employer_keeps_its_openings(tmp_path):
    boards = [
        Board("old", [(Ad("1"),)] * 3, employer="Old", retired_date=day(4)),
        Board("new", [(Ad("9"),)] * 3, start=3, source="lever", employer="New"),
    ]
    with build_with(tmp_path, boards, alias("Old", "New")) as tables:
        assert tables.execute("select boards, reposts from openings").fetchall() == [(2, 0)]


def test_fault_77_a_new_alias_is_a_revision(tmp_path):
    boards = two_boards("Old", "New", nights=33)
    build_with(tmp_path, boards).close()
    merged = alias("Old", "New", day(20))
    with build_with(tmp_path, [], merged, published_date=day(34)) as tables:
        assert tables.execute(
            "select column_name, first_figure, figure_now from revisions "
            "where role_id = 'vp_engineering' and source = 'all' and country_code = 'all'"
        ).fetchall() == [("employers_hiring", 2, 1)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A,B,2024-01-01,2023-01-01,merged,", 'line 2: "A" ends before it begins'),
        ("A,B,,,renamed,\nB,C,,,renamed,", 'line 2: "A" means "B", itself an alias'),
        ("A,B,,,renamed,\na,C,2024-01-01,,merged,", 'line 3: "a" means two employers on one day'),
        ("A,,,,renamed,", 'line 2: "A" names one employer'),
        ("A,B,soon,,merged,", "column valid_from_date"),
        ("A,B,,,bought,", "column reason"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(tmp_path, rows, message):
    path = tmp_path / "employer_aliases.csv"
    path.write_text(HEADER + rows + "\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=message):
        load_employer_aliases(path)


def test_two_aliases_may_follow_each_other(tmp_path):
    rows = "Meta,Old Meta,,2021-10-28,renamed,\nMeta,New Meta,2021-10-28,,renamed,\n"
    path = tmp_path / "employer_aliases.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    assert [row.employer for row in load_employer_aliases(path)] == ["Old Meta", "New Meta"]


def test_the_aliases_of_the_project_load():
    rows = load_employer_aliases()
    assert ("TransferWise", "Wise") in {(row.alias, row.employer) for row in rows}

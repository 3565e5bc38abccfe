"""What SQL users reach for: macros, cookbook page, diff, export, a shell."""

import json
import shutil
import subprocess
import sys

import duckdb
import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.cookbook import to_cookbook
from warehouse.dictionary import load_macros, load_tables
from warehouse.diff import diff
from warehouse.errors import NotPublishedError, WarehouseError
from warehouse.export import export
from warehouse.layers import literal
from warehouse.query import QUERIES_DIR
from warehouse.shell import shell_command
from warehouse.statistics import poisson_interval, share_interval
from warehouse.workspace import Workspace

ONE, TWO, CTO = Ad("1", skills=("python",)), Ad("2", location="Osaka"), Ad("3", title="CTO")


def published_file(folder, nights):
    workspace = Workspace(folder)
    make_store(workspace.store, [Board("acme", nights)])
    return build(workspace, taxonomy=TAXONOMY).path


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    nights = [(ONE, CTO), (ONE, CTO, TWO), (CTO, TWO), *[(CTO, TWO)] * 30]
    return published_file(tmp_path_factory.mktemp("tools"), nights)


@pytest.fixture
def tables(published):
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


ASKED = {
    "role_trend": "from role_trend('vp_engineering', period := 'week')",
    "role_index": "from role_index('all')",
    "compare_roles": "from compare_roles('vp_engineering', 'cto')",
    "skills_of": "from skills_of('vp_engineering')",
    "openings_on": "from openings_on('2026-01-02')",
    "days_open": "from days_open('vp_engineering')",
    "as_of": "from as_of('2026-02-02')",
    "index_as_of": "from index_as_of('2026-02-02')",
    "count_low": "select count_low(3)",
    "count_high": "select count_high(3)",
    "share_low": "select share_low(9, 12400)",
    "share_high": "select share_high(9, 12400)",
}


def test_every_macro_is_asked_here():
    assert {macro.name for macro in load_macros()} == set(ASKED)
    assert all(macro.description.endswith(".") for macro in load_macros())


@pytest.mark.parametrize("name", ASKED)
def test_a_macro_answers_alike_under_another_alias(published, tables, name):
    direct = tables.execute(ASKED[name]).fetchall()
    with duckdb.connect() as other:
        other.execute(f"attach {literal(published)} as anything (read_only)")
        other.execute("use anything")
        assert other.execute(ASKED[name]).fetchall() == direct


def test_role_trend_has_the_counts_of_the_tables_and_their_intervals(tables):
    assert tables.execute(
        "select period_start_date::varchar, active_openings, new_openings, new_openings_low, "
        "new_openings_high, round(share_per_10000), closed_openings from role_trend('vp_engineering')"
    ).fetchall() == [
        ("2026-01-01", 1, 1, 0.025, 5.572, 5000, 1),
        ("2026-02-01", 1, 0, 0, 3.689, 5000, 0),
    ]


@pytest.mark.parametrize("count", [0, 1, 3, 7, 12, 20, 21, 42, 1000])
def test_intervals_of_counts_in_sql(tables, count):
    low, high = tables.execute("select count_low($1), count_high($1)", [count]).fetchall()[0]
    exact = poisson_interval(count)
    tolerance = 0.0006 if count <= 20 else 0.01
    assert (low, high) == pytest.approx((exact.low, exact.high), abs=tolerance)


@pytest.mark.parametrize(
    ("part", "whole"),
    [(9, 12_400), (14, 13_100), (0, 500), (2, 800), (5, 5), (700_000, 1_063_906)],
)
def test_g6_intervals_of_shares_in_sql(tables, part, whole):
    low, high = tables.execute(
        "select share_low($1, $2), share_high($1, $2)", [part, whole]
    ).fetchall()[0]
    exact = share_interval(part, whole)
    assert (low, high) == pytest.approx((exact.low, exact.high), abs=1e-7)


def test_openings_on_a_day(tables):
    asked = "select posting_id from openings_on(?) order by 1"
    assert tables.execute(asked, ["2026-01-02"]).fetchall() == [("1",), ("2",), ("3",)]
    assert tables.execute(asked, ["2026-01-03"]).fetchall() == [("2",), ("3",)]


def test_days_open_leaves_out_what_nobody_knows_the_age_of(tables):
    """The first came with the board; the second was new on night 2 and is open."""
    assert tables.execute(
        "select entry_days, age_days, is_closed, width_days, is_flagged from days_open('vp_engineering')"
    ).fetchall() == [(0, 31, False, 0, False)]


def test_the_cookbook_has_each_question_with_its_answer(published):
    page = to_cookbook(published)
    files = list(QUERIES_DIR.glob("*.sql"))
    assert page.count("```sql") == len(files) >= 30
    assert "## vpoe_by_month" in page
    assert "How does the demand for VPs of Engineering move by month?" in page


def test_diff_names_tables_and_the_figures_that_changed(tmp_path, published):
    same = diff(published, published)
    assert same.changes == ()
    assert {one.table for one in same.tables} == set(load_tables())
    assert "no figure changed" in same.render()
    later = published_file(tmp_path, [(ONE, CTO), *[(ONE, CTO, TWO)] * 40])
    with duckdb.connect(str(later)) as connection:
        connection.execute("alter table roles drop definition_ja")
    found = diff(published, later)
    changed = [row[5:] for row in found.changes if row[1] == "vp_engineering"]
    assert changed == [("active_openings", 1, 2), ("closed_openings", 1, 0)]
    roles = next(one for one in found.tables if one.table == "roles")
    assert (roles.columns_gone, roles.columns_new) == (("definition_ja",), ())
    assert "definition_ja" in found.render()
    with pytest.raises(NotPublishedError, match="no file"):
        diff(published, tmp_path / "nowhere")


@pytest.mark.parametrize("form", ["parquet", "csv", "json"])
def test_export_writes_every_table_and_describes_it(tmp_path, published, form):
    files = export(published, tmp_path / "out", form)
    assert {file.name for file in files} == {f"{name}.{form}" for name in load_tables()} | {
        "datapackage.json"
    }
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert {one["path"] for one in package["resources"]} == {
        f"{one}.{form}" for one in load_tables()
    }
    with duckdb.connect() as anywhere:
        file = tmp_path / "out" / f"postings.{form}"
        assert anywhere.execute(f"select count(*) from {literal(file)}").fetchall() == [(3,)]
    with pytest.raises(WarehouseError, match="isn't empty"):
        export(published, tmp_path / "out", form)


def test_the_shell_is_the_best_one_there_is(published, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", {"harlequin": "/bin/harlequin"}.get)
    assert shell_command(published) == ["/bin/harlequin", "--read-only", str(published)]
    monkeypatch.setattr(shutil, "which", {"duckdb": "/bin/duckdb"}.get)
    assert shell_command(published) == ["/bin/duckdb", "-readonly", str(published)]
    with pytest.raises(NotPublishedError, match="vpoe nightly"):
        shell_command(tmp_path / "nowhere")


def test_the_python_shell_answers(published, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    command = shell_command(published)
    assert command[0] == sys.executable
    done = subprocess.run(
        command,
        input="print(db.execute('select count(*) from postings').fetchall())\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "[(3,)]" in done.stdout

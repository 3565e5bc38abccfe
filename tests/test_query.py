"""Questions to the published file: the cookbook, the sandbox, what is printed, explanations."""

import json

import duckdb
import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.checks import sentence_of
from warehouse.errors import NotPublishedError, QueryError, UnknownNameError
from warehouse.explain import explain
from warehouse.query import QUERIES_DIR, run_query
from warehouse.render import render, to_csv, to_table
from warehouse.workspace import Workspace

QUERIES = sorted(QUERIES_DIR.glob("*.sql"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("query"))
    vpoe = Ad("1", skills=("python",))
    cto = Ad("2/a", title="CTO", skills=("python", "kubernetes"))
    thread = [(Ad("h1", employer="Foo"), Ad("h2", title="Accountant", employer="Bar"))]
    make_store(
        workspace.store,
        [
            Board("acme", [(vpoe,), (vpoe, cto)]),
            Board("initech", [(Ad("1", title="Accountant"),)] * 2),
            Board("2026-01", thread, source="hackernews", kind="flow", employer=None),
        ],
    )
    build(workspace, taxonomy=TAXONOMY)
    workspace.new_warehouse.rename(workspace.warehouse)
    return workspace.warehouse


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_cookbook_query_runs_and_asks_a_question(published, file):
    sql = file.read_text(encoding="utf-8")
    assert "?" in sentence_of(sql)
    assert run_query(published, sql).columns


def test_the_cookbook_is_worth_the_name():
    assert len(QUERIES) >= 30


def test_query_returns_columns_and_rows(published):
    result = run_query(
        published, "select board, title from postings where source = ? order by all", ["greenhouse"]
    )
    assert result.columns == ("board", "title")
    assert result.rows == [
        ("acme", "CTO"),
        ("acme", "VP of Engineering"),
        ("initech", "Accountant"),
    ]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from read_text('/etc/hostname')", "disabled by configuration"),
        ("copy roles to 'roles.csv'", "disabled by configuration"),
        ("attach 'other.duckdb' as other", "disabled by configuration"),
        ("set memory_limit = '10GB'", "locked"),
        ("set enable_external_access = true", "locked|Cannot"),
        ("create table mine as select 1", "read-only"),
        ("delete from roles", "read-only"),
        ("select nothing from roles", "nothing"),
        ("select", "SELECT clause"),
    ],
)
def test_query_refuses_what_reaches_out_or_writes(published, sql, reason):
    with pytest.raises(QueryError, match=reason):
        run_query(published, sql)


def test_query_is_stopped_after_its_time(published):
    with pytest.raises(QueryError, match="stopped after"):
        run_query(
            published,
            "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
            time_limit_s=0.2,
        )


def test_query_before_publishing_names_the_remedy(tmp_path):
    with pytest.raises(NotPublishedError, match="vpoe nightly"):
        run_query(tmp_path / "vpoe.duckdb", "select 1")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-x", "'-x"),
        ("@cmd", "'@cmd"),
        ("＝1+1", "'＝1+1"),
        ("\tx", "'\tx"),
        ("1-2", "1-2"),
        (-3, "-3"),
        (None, ""),
    ],
)
def test_csv_cells_are_no_formulas(value, cell):
    assert to_csv([["x", value]], ["a", "b"]) == f"a,b\r\nx,{cell}\r\n"


def test_table_obeys_no_escape_and_aligns_japanese():
    table = to_table([["\x1b[31m開発\u202e責任者", 1], ["C\nTO", 10]], ["title", "n"])
    assert table.splitlines() == [
        "title            n",
        "──────────────  ──",
        "[31m開発責任者   1",
        "C TO            10",
    ]


def test_json_keeps_texts_as_they_are():
    assert json.loads(render([["=1+1", None, 1.5]], ["a", "b", "c"], "json")) == [
        {"a": "=1+1", "b": None, "c": 1.5}
    ]


def test_explain_shows_every_span_of_a_posting(published):
    explanation = explain(published, "greenhouse/acme/2/a")
    assert [(one.concept, one.concept_id, one.text) for one in explanation.evidence] == [
        ("role", "cto", "CTO"),
        ("skill", "python", "python"),
        ("skill", "kubernetes", "kubernetes"),
    ]
    assert [role["role_id"] for role in explanation.roles] == ["cto", "vpoe_broad"]
    assert explanation.opening["employer"] == "acme"
    assert "Roles that it counts for: cto, vpoe_broad" in explanation.render()
    assert json.loads(explanation.render("json"))["posting"]["title"] == "CTO"


def test_explain_by_id_alone(published):
    assert explain(published, "2/a").posting["board"] == "acme"
    with pytest.raises(UnknownNameError, match="greenhouse/acme/1, greenhouse/initech/1"):
        explain(published, "1")
    with pytest.raises(UnknownNameError, match="no posting '3'"):
        explain(published, "3")


def test_published_file_opens_beside_another_reader(published):
    with duckdb.connect(str(published), read_only=True) as other:
        assert other.execute("select count(*) from boards").fetchall() == [(3,)]

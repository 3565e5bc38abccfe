"""Scores: the arithmetic, the skipping, and floors under the figures on the labelled sets."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.evaluate import evaluate, to_json, to_markdown
from pipeline.scoring import Score, Table, compare_sets, macro_f1, micro, wilson_interval
from pipeline.scoring.titles import score as score_titles

HEADER = "id,title,employer,set,roles,is_grade,is_candidate,is_unsure,note\n"


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763), (95, 100, 0.888, 0.978)],
)
def test_wilson_interval(hits: int, total: int, low: float, high: float):
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=0.001)


def test_wilson_interval_needs_cases():
    with pytest.raises(ValueError, match=r"no cases to estimate a share from \(hits 0, total 0\)"):
        wilson_interval(0, 0)


def test_scores_count_sets():
    scores: dict[str, Score] = {}
    compare_sets(scores, {"a"}, {"a", "b"})
    compare_sets(scores, {"c"}, {"a"})
    assert [scores[x].f1 for x in "abc"] == [pytest.approx(2 / 3), 0.0, 0.0]
    assert micro("all", scores, frozenset("abc")) == Score("all", hits=1, predicted=2, expected=3)
    assert macro_f1(scores) == pytest.approx(2 / 9)
    assert Score("none").f1 is None


def test_any_folder_of_the_same_names_is_scored(tmp_path: Path):
    rows = [
        "1,VP of Engineering,,x,vp_engineering,,,,",
        "2,Chef,,x,cto,,,,wrong on purpose",
        "3,Anything,,x,cto,,,1,unsure",
    ]
    (tmp_path / "en_titles_test.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
    result = score_titles(tmp_path)
    table = result.tables[0]
    assert (table.name, table.cases) == ("titles, English", 2)
    assert scores_of(table)["titles exactly right"].hits == 1
    assert [(miss.case_id, miss.expected, miss.got) for miss in result.misses] == [
        ("2", "cto", "other")
    ]
    assert [reason.partition(":")[0] for reason in result.skipped] == [
        "titles, Japanese",
        "titles, difficult",
    ]


def test_missing_folder_names_the_remedy(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="name one with --labels"):
        evaluate(tmp_path / "nowhere")


def test_report_as_json_and_as_a_page(tmp_path: Path):
    (tmp_path / "en_titles_test.csv").write_text(
        HEADER + "1,VP of Engineering,,x,vp_engineering,,,,\n", encoding="utf-8"
    )
    printed = CliRunner().invoke(app, ["evaluate", "--labels", str(tmp_path), "--json"])
    assert printed.exit_code == 0
    report = orjson.loads(printed.output)
    assert report == orjson.loads(orjson.dumps(to_json(evaluate(tmp_path))))
    english = next(table for table in report["tables"] if table["name"] == "titles, English")
    assert english["scores"][0]["recall_interval"] == pytest.approx([0.207, 1.0], abs=0.001)
    page = to_markdown(evaluate(tmp_path))
    assert "| vp_engineering | 1 | 1 | 1.000 | 0.21-1.00 | 1.000 | 0.21-1.00 | 1.000 |" in page


# Recorded figures with some room: a change that falls below says so.
@pytest.mark.parametrize(
    ("name", "leadership_f1", "role_macro_f1", "exact"),
    [
        ("titles, English", 0.98, 0.95, 0.98),
        ("titles, Japanese", 0.98, 0.90, 0.96),
        ("titles, difficult", 0.98, 0.95, 0.96),
        ("titles, our own", 1.0, 1.0, 1.0),
    ],
)
def test_titles_keep_their_figures(
    shared: Path, name: str, leadership_f1: float, role_macro_f1: float, exact: float
):
    tables = {table.name: table for table in score_titles(shared / "labels").tables}
    scores = scores_of(tables[name])
    assert scores["leadership roles"].f1 >= leadership_f1
    assert scores["titles exactly right"].recall >= exact
    assert scores["vp_engineering"].precision >= 0.98
    assert scores["vp_engineering"].recall >= 0.98
    assert tables[name].summary["macro F1 of roles"] >= role_macro_f1


def scores_of(table: Table) -> dict[str, Score]:
    return {score.label: score for score in table.scores}

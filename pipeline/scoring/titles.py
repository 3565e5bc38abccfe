"""Titles → roles, per language, and the project's own labelled titles."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.extraction import TitleReading
from pipeline.roles import read_title
from pipeline.scoring import (
    Miss,
    Result,
    Score,
    Table,
    compare_sets,
    describe,
    label_files,
    label_rows,
    macro_f1,
    micro,
)
from taxonomy.load import HERE

LEADERSHIP_ROLES = frozenset(
    {
        "vp_engineering",
        "vp_technology",
        "cto",
        "head_of_engineering",
        "director_engineering",
        "engineering_manager",
        "tech_lead",
        "cpo",
        "vp_product",
        "head_of_product",
    }
)
_SETS = {
    "titles, English": "en_titles",
    "titles, Japanese": "ja_titles",
    "titles, difficult": "hard_titles",
}


def score(labels: Path) -> Result:
    """Score every set of titles in the folder, and our own in `taxonomy/gold`."""
    tables: list[Table] = []
    misses: list[Miss] = []
    skipped: list[str] = []
    sets = {name: label_files(labels, stem, ".csv") for name, stem in _SETS.items()}
    sets["titles, our own"] = [HERE / "gold" / "titles.csv"]
    for name, files in sets.items():
        if not files:
            skipped.append(f"{name}: no {_SETS[name]}*.csv in the folder of labels")
            continue
        table, wrong = score_titles(name, label_rows(files))
        tables.append(table)
        misses += wrong
    return Result(tuple(tables), tuple(misses), tuple(skipped))


def score_titles(name: str, rows: Iterable[dict[str, str]]) -> tuple[Table, list[Miss]]:
    """Compare titles' roles as sets, and the two flags."""
    roles: dict[str, Score] = {}
    flags = {"is_grade": Score("is_grade"), "is_candidate": Score("is_candidate")}
    exact = Score("titles exactly right")
    misses: list[Miss] = []
    for row in rows:
        reading = read_title(row["title"], row["employer"])
        expected = set(row["roles"].split("|"))
        compare_sets(roles, set(reading.roles), expected)
        for flag, flag_score in flags.items():
            flag_score.add(predicted=getattr(reading, flag), expected=bool(row[flag]))
        exact.expected += 1
        if set(reading.roles) == expected:
            exact.hits += 1
        if (wanted := _describe(expected, row)) != (got := _describe(set(reading.roles), reading)):
            misses.append(Miss(name, row.get("id", ""), row["title"], wanted, got))
    exact.predicted = exact.expected
    ordered = sorted(roles.values(), key=lambda item: (-item.expected, item.label))
    leadership = micro("leadership roles", roles, LEADERSHIP_ROLES)
    scores = (*ordered, leadership, *flags.values(), exact)
    return Table(name, exact.expected, scores, {"macro F1 of roles": macro_f1(roles)}), misses


def _describe(roles: set[str], flags: dict[str, str] | TitleReading) -> str:
    names = ("is_grade", "is_candidate")
    values = [
        flags.get(name) if isinstance(flags, dict) else getattr(flags, name) for name in names
    ]
    raised = [name for name, value in zip(names, values, strict=True) if value]
    return " ".join([describe(roles), *raised])

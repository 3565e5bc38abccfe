"""Pay strings → amount, currency and period, all three exactly right or rightly refused."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.extraction import Salary
from pipeline.pay import read_salary
from pipeline.scoring import Miss, Result, Score, Table, label_rows
from taxonomy.load import HERE

PATTERNS = Path("data/ja-vocab/ja_salary_patterns.csv")  # beside the folder of labels


def score(labels: Path) -> Result:
    """Score the Japanese patterns beside the labels, and our own strings in `taxonomy/gold`."""
    path = labels.parent / PATTERNS
    results = [score_strings("pay, our own strings", label_rows([HERE / "gold" / "pay.csv"]))]
    if path.exists():
        results.insert(0, score_strings("pay, Japanese patterns", label_rows([path])))
    return Result(
        tables=tuple(table for result in results for table in result.tables),
        misses=tuple(miss for result in results for miss in result.misses),
        skipped=() if path.exists() else (f"pay, Japanese patterns: {path} isn't there",),
    )


def score_strings(name: str, rows: Iterable[dict[str, str]]) -> Result:
    exact = Score("strings exactly right")
    read = Score("strings read, of those that state pay")
    misses = []
    for row in rows:
        expected, got = _expected(row), _described(read_salary(row["text"]))
        exact.predicted += 1
        exact.expected += 1
        exact.hits += got == expected
        read.predicted += got != "-"
        read.expected += expected != "-"
        read.hits += got == expected != "-"
        if got != expected:
            misses.append(Miss(name, row["text"], row.get("note", ""), expected, got))
    return Result((Table(name, exact.expected, (exact, read)),), tuple(misses))


def _expected(row: dict[str, str]) -> str:
    """A row without figures is to be refused, and one without a period: 1億円, unlabelled."""
    if not (row["min"] or row["max"]) or not row["period"]:
        return "-"
    low, high = (float(cell) if cell else None for cell in (row["min"], row["max"]))
    return f"{low} to {high} {row['currency']} a {row['period']}"


def _described(salary: Salary | None) -> str:
    if salary is None:
        return "-"
    return f"{salary.min} to {salary.max} {salary.currency} a {salary.period}"

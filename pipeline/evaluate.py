"""
Evaluate the extraction on labelled sets: `vpoe evaluate`.

Rows that two readers could read differently are left out. Intervals are Wilson's, 95 %.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from pipeline.scoring import Miss, Result, Score, Table, run_scorers, wilson_interval

QUOTE_CHARS = 120


def default_labels() -> Path:
    """Return the labels of the shared folder beside the checkout, or of VPOE_SHARED."""
    beside = Path(__file__).parents[2] / "shared"
    return Path(os.environ.get("VPOE_SHARED", beside)) / "labels"


def evaluate(labels: Path) -> Result:
    """Score every labelled set in the folder. Raises FileNotFoundError if there is no folder."""
    if not labels.is_dir():
        raise FileNotFoundError(f"no folder of labels at {labels}; name one with --labels")
    return run_scorers(labels)


def to_json(result: Result) -> dict[str, Any]:
    """Return the report as plain values; shares are None where nothing was counted."""
    return {
        "tables": [
            {
                "name": table.name,
                "cases": table.cases,
                "scores": [_score_to_json(score) for score in table.scores],
                "summary": table.summary,
            }
            for table in result.tables
        ],
        "misses": [asdict(miss) for miss in result.misses],
        "skipped": list(result.skipped),
    }


def _score_to_json(score: Score) -> dict[str, Any]:
    values = asdict(score) | {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    for name, total in (("precision", score.predicted), ("recall", score.expected)):
        values[f"{name}_interval"] = wilson_interval(score.hits, total) if total else None
    return values


def print_report(result: Result, console: Console, *, with_misses: bool) -> None:
    for table in result.tables:
        console.print(_render(table))
        for name, value in table.summary.items():
            console.print(f"{name}: {value:.3f}")
        console.print()
    for reason in result.skipped:
        console.print(f"skipped: {reason}", markup=False)
    if with_misses:
        for miss in result.misses:
            line = f"{miss.table} {miss.case_id}: {miss.text}\n    {miss.expected} → {miss.got}"
            console.print(line, markup=False, highlight=False)


def _render(table: Table) -> RichTable:
    rendered = RichTable(title=f"{table.name} ({table.cases} cases)", title_justify="left")
    rendered.add_column("label")
    for column in ("expected", "found", "precision", "95 %", "recall", "95 %", "F1"):
        rendered.add_column(column, justify="right")
    for score in table.scores:
        rendered.add_row(*_cells(score))
    return rendered


def _share(hits: int, total: int) -> tuple[str, str]:
    if not total:
        return "-", ""
    low, high = wilson_interval(hits, total)
    return f"{hits / total:.3f}", f"{low:.2f}-{high:.2f}"


def to_markdown(result: Result) -> str:
    """
    The report as docs/evaluation.md.

    A case that came out wrong is quoted where its text is our own; others are named by their id.
    """
    lines = [
        "# Evaluation",
        "",
        "Written by `vpoe evaluate --write docs/evaluation.md`; don't edit it.",
        "",
        "The rules were written with sight of the dev sets, so that their figures flatter; what was",
        "measured blind, batch by batch, stands in [taxonomy/README.md](../taxonomy/README.md).",
        'Sets "our own" are what the rules were widened on: they guard against regressions.',
        "Intervals are Wilson's, 95 %.",
    ]
    for table in result.tables:
        lines += ["", f"## {table.name} ({table.cases} cases)", ""]
        lines += ["| label | expected | found | precision | 95 % | recall | 95 % | F1 |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        lines += [f"| {' | '.join(_cells(score))} |" for score in table.scores]
        lines += ["", *(f"{name}: {value:.3f}" for name, value in table.summary.items())]
        misses = [miss for miss in result.misses if miss.table == table.name]
        if misses:
            lines += ["", f"Wrong ({len(misses)}), as expected → got:", ""]
            lines += [_miss(miss, quote="our own" in table.name) for miss in misses]
    lines += ["", *(f"Skipped: {reason}." for reason in result.skipped)]
    return "\n".join(lines).rstrip() + "\n"


def _miss(miss: Miss, *, quote: bool) -> str:
    text = f" {' '.join(miss.text.split())[:QUOTE_CHARS]}" if quote else ""
    return f"- {miss.case_id}:{text} — {miss.expected or 'nothing'} → {miss.got or 'nothing'}"


def _cells(score: Score) -> tuple[str, ...]:
    return (
        score.label,
        str(score.expected),
        str(score.predicted),
        *_share(score.hits, score.predicted),
        *_share(score.hits, score.expected),
        "-" if score.f1 is None else f"{score.f1:.3f}",
    )

"""
Evaluate the extraction on labelled sets: `python -m pipeline.evaluate [--labels DIR]`.

Rows that two readers could read differently are left out. Intervals are Wilson's, 95 %.
"""

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table as RichTable

from pipeline.scoring import Result, Score, Table, run_scorers, wilson_interval


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
        rendered.add_row(
            score.label,
            str(score.expected),
            str(score.predicted),
            *_share(score.hits, score.predicted),
            *_share(score.hits, score.expected),
            "-" if score.f1 is None else f"{score.f1:.3f}",
        )
    return rendered


def _share(hits: int, total: int) -> tuple[str, str]:
    if not total:
        return "-", ""
    low, high = wilson_interval(hits, total)
    return f"{hits / total:.3f}", f"{low:.2f}-{high:.2f}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="pipeline.evaluate", description=__doc__)
    parser.add_argument("--labels", type=Path, default=default_labels(), help="a folder of sets")
    parser.add_argument("--errors", action="store_true", help="list the cases that came out wrong")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args(arguments)
    result = evaluate(options.labels)
    if options.format == "json":
        sys.stdout.buffer.write(orjson.dumps(to_json(result), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        print_report(result, Console(), with_misses=options.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())

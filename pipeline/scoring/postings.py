"""Whole postings, field by field: a field is right if its value is exactly the labelled one."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.annotate import to_record
from pipeline.extraction import Posting
from pipeline.extractor import Extractor
from pipeline.scoring import Miss, Result, Score, Table, label_files, micro
from taxonomy.load import HERE

VALUES = (
    "roles",
    "salary",
    "location",
    "is_remote",
    "employment_type",
    "reports_to",
    "team_size",
)
TERMS = frozenset(VALUES) - {"roles", "salary"}


def score(labels: Path) -> Result:
    """Score the postings in the folder, and our own in `taxonomy/gold`."""
    name = "postings, by field"
    results = [score_postings(f"{name}, our own", _rows([HERE / "gold" / "postings.jsonl"]))]
    files = label_files(labels, "postings", ".jsonl")
    if files:
        results.insert(0, score_postings(name, _rows(files)))
    return Result(
        tables=tuple(table for result in results for table in result.tables),
        misses=tuple(miss for result in results for miss in result.misses),
        skipped=() if files else (f"{name}: no postings*.jsonl in the folder of labels",),
    )


def _rows(files: Iterable[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def score_postings(name: str, rows: Iterable[dict[str, Any]]) -> Result:
    """Compare the fields that a row has; a row may leave out what it doesn't label."""
    extractor = Extractor()
    scores = {field: Score(field) for field in VALUES}
    misses = []
    cases = 0
    for row in rows:
        cases += 1
        posting = Posting(title=row.get("title", ""), text=row["text"])
        record = to_record(extractor.extract(posting))
        for field in VALUES:
            if field not in row:
                continue
            is_right = record[field] == row[field]
            scores[field].predicted += 1
            scores[field].expected += 1
            scores[field].hits += is_right
            if not is_right:
                expected, got = (
                    json.dumps(one[field], ensure_ascii=False) for one in (row, record)
                )
                misses.append(Miss(name, str(row["id"]), field, expected, got))
    terms = micro("place, remote, type, reporting line and team size", scores, TERMS)
    return Result((Table(name, cases, (*scores.values(), terms)),), tuple(misses))

"""Sentences → duties and leadership skills, by language and by id; postings → the set they state."""

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.responsibilities import find_responsibilities, responsibilities_of
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

Case = tuple[str, str, set[str], set[str]]  # id, text, expected, found


def score(labels: Path) -> Result:
    """Score the sentences and postings in the folder, and our own sentences."""
    tables: list[Table] = []
    misses: list[Miss] = []
    skipped: list[str] = []
    files = label_files(labels, "sentences", ".csv")
    sets = [("sentences", files), ("sentences, our own", [HERE / "responsibility_sentences.csv"])]
    for name, paths in sets:
        rows = list(label_rows(paths))
        for lang in sorted({row["lang"] for row in rows}):
            cases = [_sentence(row) for row in rows if row["lang"] == lang]
            _add(f"responsibilities, {name}, {lang}", cases, tables, misses)
    if not files:
        skipped.append("responsibilities: no sentences*.csv in the folder of labels")
    postings = [
        _posting(line)
        for file in label_files(labels, "postings", ".jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]
    if postings:
        _add("responsibilities, postings", postings, tables, misses)
    else:
        skipped.append("responsibilities: no postings*.jsonl in the folder of labels")
    return Result(tuple(tables), tuple(misses), tuple(skipped))


def _sentence(row: dict[str, str]) -> Case:
    expected = {label for label in row["labels"].split("|") if label}
    return row["id"], row["text"], expected, set(responsibilities_of(row["text"]))


def _posting(line: str) -> Case:
    row = json.loads(line)
    found = {mention.responsibility_id for mention in find_responsibilities(row["text"])}
    return row["id"], row.get("title", ""), set(row["responsibilities"]), found


def _add(name: str, cases: Iterable[Case], tables: list[Table], misses: list[Miss]) -> None:
    scores: dict[str, Score] = {}
    count = 0
    for case_id, text, expected, found in cases:
        count += 1
        compare_sets(scores, found, expected)
        if found != expected:
            misses.append(Miss(name, case_id, text, describe(expected), describe(found)))
    every = micro("all, micro", scores, frozenset(scores))
    by_id = tuple(scores[label] for label in sorted(scores))
    tables.append(Table(name, count, (every, *by_id), {"macro F1": macro_f1(scores)}))

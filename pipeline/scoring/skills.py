"""
Texts → named skills, on three sets that count differently.

- postings: the names as they stand there, folded, one set a posting.
- skills_eval: skills of the set's own closed list (the 61 names of skills.parquet beside it), one
  set a text; a name of two ("HTML/CSS") stands for both.
- jobs_250: a skill is found if its span overlaps a TECH span, each span used once. Text is the
  tokens without the mark-up; the employer is what the header begins with. Labels don't nest
  there, so a skill inside a job title ("iOS Engineer") can't be labelled and isn't counted; the
  other figure counts it as wrong.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.extraction import SkillMention
from pipeline.scoring import Miss, Result, Score, Table, describe, label_files
from pipeline.skills import find_skills
from pipeline.text import fold
from taxonomy.load import load_skills

Spans = list[tuple[int, int]]
HEADER_MARK = re.compile(r"[|(]| - ")


class Tagged(NamedTuple):
    """A text with the spans of its TECH and EMP_TITLE labels."""

    text: str
    skills: Spans
    titles: Spans


def score(labels: Path) -> Result:
    """Score postings*.jsonl in the folder and, in `data` beside it, the two other sets."""
    data = labels.parent / "data"
    parts = [
        _score_postings(label_files(labels, "postings", ".jsonl")),
        _score_radar(data / "salary_radar_2026"),
        _score_tagged(data / "hn_ner_labels" / "jobs_250.conll.gz"),
    ]
    return Result(
        tables=tuple(table for part in parts for table in part.tables),
        misses=tuple(miss for part in parts for miss in part.misses),
        skipped=tuple(reason for part in parts for reason in part.skipped),
    )


def _score_postings(files: list[Path]) -> Result:
    if not files:
        return Result(skipped=("skills: no postings*.jsonl in the folder of labels",))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    cases = [
        (
            row["id"],
            {fold(name) for name in row["skills_named"]},
            {fold(mention.text) for mention in find_skills(row["text"])},
        )
        for row in rows
    ]
    return _compare("skills, postings", cases)


def _score_radar(folder: Path) -> Result:
    texts, names = folder / "skills_eval.jsonl", folder / "skills.parquet"
    if not (texts.exists() and names.exists()):
        return Result(skipped=(f"skills: {texts} or {names.name} isn't there",))
    query = "select distinct skill from read_parquet(?) where skill is not null"
    closed = {name: _ids(name) for (name,) in duckdb.execute(query, [str(names)]).fetchall()}
    known = set().union(*closed.values())
    rows = [json.loads(line) for line in texts.read_text("utf-8").splitlines()]
    cases = [
        (
            str(row["id"]),
            set().union(*(closed.get(name) or _ids(name) for name in row["expected"])),
            {mention.skill_id for mention in find_skills(row["text"])} & known,
        )
        for row in rows
    ]
    return _compare("skills, salary_radar skills_eval", cases)


@cache
def _by_alias() -> dict[str, str]:
    return {
        fold(row.alias): row.skill_id for row in load_skills().aliases if row.context != "never"
    }


def _ids(name: str) -> set[str]:
    """Return the skills that a name of another list stands for, all its parts if it has some."""
    parts = [fold(name)] if fold(name) in _by_alias() else fold(name).split("/")
    return {_by_alias()[part] for part in parts if part in _by_alias()}


def _compare(name: str, cases: list[tuple[str, set[str], set[str]]]) -> Result:
    every = Score("all, micro")
    misses = []
    for case_id, expected, found in cases:
        every.hits += len(expected & found)
        every.predicted += len(found)
        every.expected += len(expected)
        if expected != found:
            missing, extra = describe(expected - found), describe(found - expected)
            misses.append(Miss(name, case_id, "", f"missing {missing}", f"extra {extra}"))
    return Result((Table(name, len(cases), (every,)),), tuple(misses))


def _score_tagged(path: Path) -> Result:
    if not path.exists():
        return Result(skipped=(f"skills: {path} isn't there",))
    personal = {row.skill_id for row in load_skills().skills if row.kind == "management"}
    fair = Score("TECH spans, titles left out")
    strict = Score("TECH spans")
    cases = 0
    for tagged in _read_tagged(path):
        cases += 1
        (employer, *_) = HEADER_MARK.split(tagged.text, maxsplit=1)
        every = find_skills(tagged.text, employer=employer.strip())
        found = [one for one in every if one.skill_id not in personal]
        outside = [one for one in found if not _overlaps(one, tagged.titles)]
        for one_score, mentions in ((fair, outside), (strict, found)):
            one_score.hits += _matches(mentions, tagged.skills)
            one_score.predicted += len(mentions)
            one_score.expected += len(tagged.skills)
    return Result((Table("skills, Hacker News jobs_250", cases, (fair, strict)),))


def _overlaps(mention: SkillMention, spans: Spans) -> bool:
    return any(mention.start < end and start < mention.end for start, end in spans)


def _matches(mentions: list[SkillMention], spans: Spans) -> int:
    """Count the pairs of overlapping spans, each span used once."""
    free = list(spans)
    for mention in mentions:
        pair = next((span for span in free if _overlaps(mention, [span])), None)
        if pair:
            free.remove(pair)
    return len(spans) - len(free)


def _read_tagged(path: Path) -> Iterator[Tagged]:
    """Yield the posts of a CoNLL file: token and BIO tag a line, a blank line between posts."""
    tokens: list[tuple[str, str]] = []
    in_markup = False
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in (*stream, "\n"):
            cells = line.split()
            if not cells or cells[0] == "-DOCSTART-":
                if tokens:
                    yield _tagged(tokens)
                tokens, in_markup = [], False
                continue
            in_markup = in_markup or cells[0] == "<"
            if not in_markup:
                tokens.append((cells[0], cells[-1]))
            in_markup = in_markup and cells[0] != ">"


def _tagged(tokens: list[tuple[str, str]]) -> Tagged:
    text = ""
    spans: dict[str, Spans] = {"TECH": [], "EMP_TITLE": []}
    for token, tag in tokens:
        start = len(text) + bool(text)
        text = f"{text} {token}" if text else token
        position, _, label = tag.partition("-")
        if label in spans:
            if position == "B" or not spans[label]:
                spans[label].append((start, len(text)))
            else:
                spans[label][-1] = (spans[label][-1][0], len(text))
    return Tagged(text, spans["TECH"], spans["EMP_TITLE"])

"""
Leadership mentions with their kind, and the roles that a post offers.

A post's text stands in its row, or is looked up by id in the posts beside the folder of labels.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipeline.extraction import RoleMention
from pipeline.mentions import find_mentions, offered_roles
from pipeline.scoring import Miss, Result, Score, Table, compare_sets, describe, label_files
from taxonomy.load import HERE

POSTS = Path("data/hn_who_is_hiring/posts.parquet")  # beside the folder of labels
EXCERPT = 60  # characters on each side of a mention that a miss shows


class LabelledText(NamedTuple):
    text_id: str
    text: str
    title: str
    title_roles: tuple[str, ...]
    offered: set[str]
    mentions: tuple[RoleMention, ...]


def score(labels: Path) -> Result:
    """Score the posts, the whole postings and our own sentences in `taxonomy/gold`."""
    results = [
        _score_posts(labels),
        _score_postings(labels),
        score_texts("mentions, our own", map(_labelled, _rows([HERE / "gold" / "mentions.jsonl"]))),
    ]
    return Result(
        tables=tuple(table for result in results for table in result.tables),
        misses=tuple(miss for result in results for miss in result.misses),
        skipped=tuple(reason for result in results for reason in result.skipped),
    )


def _score_posts(labels: Path) -> Result:
    name = "mentions, Hacker News posts"
    rows = [row for row in _rows(label_files(labels, "hn_texts", ".jsonl")) if not row["is_unsure"]]
    if not rows:
        return Result(skipped=(f"{name}: no hn_texts*.jsonl in the folder of labels",))
    ids = [row["id"] for row in rows if "text" not in row]
    path = labels.parent / POSTS
    if ids and not path.exists():
        return Result(skipped=(f"{name}: {len(ids)} rows have no text and {path} isn't there",))
    texts = _posts(path, ids) if ids else {}
    return score_texts(name, (_labelled({"text": texts.get(row["id"], ""), **row}) for row in rows))


def _score_postings(labels: Path) -> Result:
    name = "mentions, whole postings"
    rows = _rows(label_files(labels, "postings", ".jsonl"))
    if not rows:
        return Result(skipped=(f"{name}: no postings*.jsonl in the folder of labels",))
    return score_texts(name, map(_labelled, rows))


def _rows(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()
    ]


def _posts(path: Path, ids: Sequence[int]) -> dict[int, str]:
    query = "select id, text from read_parquet(?) where list_contains(?, id)"
    return dict(duckdb.execute(query, [str(path), list(ids)]).fetchall())


def _labelled(row: dict[str, Any]) -> LabelledText:
    roles = tuple(row.get("roles", ()))
    offered = row["hires_for"] if "hires_for" in row else offered_roles((), roles)
    mentions = tuple(RoleMention(**mention) for mention in row["mentions"])
    title = row.get("title", "")
    return LabelledText(str(row["id"]), row["text"], title, roles, set(offered), mentions)


class _Counts:
    def __init__(self, name: str) -> None:
        self.name = name
        self.offered: dict[str, Score] = {}
        self.exact = Score("texts with exactly the right offered roles")
        self.spans = Score("mentions: role and span right")
        self.overlaps = Score("mentions: role right, spans touch")
        self.kind = Score("kind of the mentions found")
        self.kinds: dict[str, Score] = {}
        self.confusion: Counter[str] = Counter()
        self.misses: list[Miss] = []

    def add(self, labelled: LabelledText, found: Sequence[RoleMention]) -> None:
        offered = set(offered_roles(found, labelled.title_roles))
        compare_sets(self.offered, offered, labelled.offered)
        self.exact.predicted += 1
        self.exact.expected += 1
        self.exact.hits += offered == labelled.offered
        if offered != labelled.offered:
            expected, got = f"offers {describe(labelled.offered)}", describe(offered)
            self.misses.append(Miss(self.name, labelled.text_id, "", expected, got))
        unmatched = list(found)
        for mention in labelled.mentions:
            match = _match(mention, unmatched)
            if match is not None:
                unmatched.remove(match)
            self._compare(labelled, mention, match)
        for mention in unmatched:
            self._compare(labelled, None, mention)

    def _compare(
        self, labelled: LabelledText, label: RoleMention | None, found: RoleMention | None
    ) -> None:
        is_exact = label and found and (label.start, label.end) == (found.start, found.end)
        for counted, is_hit in ((self.spans, is_exact), (self.overlaps, label and found)):
            counted.expected += label is not None
            counted.predicted += found is not None
            counted.hits += bool(is_hit)
        if label and found:
            compare_sets(self.kinds, {found.kind}, {label.kind})
            self.kind.expected += 1
            self.kind.predicted += 1
            self.kind.hits += found.kind == label.kind
        expected, got = (mention.kind if mention else "-" for mention in (label, found))
        if expected != got:
            self.confusion[f"{expected} read as {got}"] += 1
            excerpt = _excerpt(labelled.text, label or found)
            self.misses.append(Miss(self.name, labelled.text_id, excerpt, expected, got))

    def result(self) -> Result:
        scores = (
            *sorted(self.offered.values(), key=lambda item: (-item.expected, item.label)),
            self.exact,
            self.spans,
            self.overlaps,
            *sorted(self.kinds.values(), key=lambda item: (-item.expected, item.label)),
            self.kind,
        )
        confusion = {what: float(count) for what, count in self.confusion.most_common()}
        table = Table(self.name, self.exact.expected, scores, confusion)
        return Result((table,), tuple(self.misses))


def score_texts(name: str, texts: Iterable[LabelledText]) -> Result:
    """Compare offered roles as sets, mentions by role and span, and the kinds of those found."""
    counts = _Counts(name)
    for labelled in texts:
        found = find_mentions(labelled.text, labelled.title_roles, labelled.title)
        counts.add(labelled, found)
    return counts.result()


def _match(mention: RoleMention, found: Sequence[RoleMention]) -> RoleMention | None:
    """Return the found mention of the same role that shares most characters, if any does."""

    def shared(other: RoleMention) -> int:
        return min(mention.end, other.end) - max(mention.start, other.start)

    same = [other for other in found if other.role_id == mention.role_id and shared(other) > 0]
    return max(same, key=shared, default=None)


def _excerpt(text: str, mention: RoleMention | None) -> str:
    if mention is None:
        return ""
    before = text[max(0, mention.start - EXCERPT) : mention.start]
    return " ".join(f"{before}[{mention.text}]{text[mention.end : mention.end + EXCERPT]}".split())

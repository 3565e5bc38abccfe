"""From what was read of a board to its night in the store: contents, observations, one status."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import orjson

from crawler import settings
from crawler.churn import Aliases, new_aliases, renamed
from crawler.drift import drifts, shape_of
from crawler.items import Posting
from crawler.mojibake import mend
from crawler.monitors import doubt
from crawler.reading import Reading
from crawler.scrub import scrub
from warehouse.store import (
    BoardNight,
    Content,
    History,
    Observation,
    Snapshot,
    Status,
    StoredBoard,
)

REASON_CHARS = 300
LABELS = (
    "title",
    "employer_text",
    "location_text",
    "department",
    "employment_type_text",
    "salary_text",
    "language_hint",
)
_labels_of = operator.attrgetter(*LABELS)
_scrub_label = lru_cache(maxsize=4_096)(scrub)  # a board has few places and departments


@dataclass(frozen=True, slots=True)
class Cost:
    requests: int = 0
    body_bytes: int = 0  # as sent


def to_night(
    reading: Reading,
    board: StoredBoard,
    crawl_date: date,
    *,
    known: dict[str, Observation],
    history: History,
    at: datetime,
    cost: Cost,
    parser_version: str,
    aliases: Aliases | None = None,
) -> BoardNight:
    """Judge a reading by method 2.1. `at` is UTC; `known` is what the board listed last."""
    postings = [mend(posting) for posting in reading.postings.values()]
    contents, seen = read_texts(postings)
    observations = renamed([*reading.kept.values(), *seen], aliases or {})
    if reading.is_not_modified:
        observations = known
    churned = new_aliases(known, observations)
    observations = renamed(observations.values(), churned)
    status, reason = judge(reading, observations, known, history)
    mended = sum(map(operator.is_not, postings, reading.postings.values()))
    shape = shape_of(postings, reading.row_keys, mended=mended)
    snapshot = Snapshot(
        crawl_date=crawl_date,
        source=board.source,
        board=board.board,
        status=status,
        fetched_at=at.replace(tzinfo=None, microsecond=0),
        failure_class=reading.failure.failure_class if reading.failure else None,
        reason=scrub(reason)[:REASON_CHARS] if reason else None,
        declared_postings=reading.declared_total,
        parsed_postings=len(observations) if status != "failed" else 0,
        invalid_postings=len(reading.invalid),
        is_declared_empty=reading.declared_total == 0,
        is_not_modified=reading.is_not_modified,
        requests=cost.requests,
        body_bytes=cost.body_bytes,
        body_hash=reading.body_hash,
        parser_version=parser_version,
        field_counts=orjson.dumps(shape, option=orjson.OPT_SORT_KEYS).decode() if shape else None,
        answered_at=reading.answered_at,
    )
    if status == "failed" or reading.is_not_modified:
        return BoardNight(snapshot)
    validators = reading.validators if status in {"ok", "suspect"} else []
    return BoardNight(
        snapshot,
        list(observations.values()),
        contents,
        validators,
        drifts([orjson.loads(one) for one in history.field_counts], shape),
        list(churned.items()),
    )


def read_texts(postings: Iterable[Posting]) -> tuple[dict[str, Content], list[Observation]]:
    """The contents by hash, and an observation a posting."""
    contents: dict[str, Content] = {}
    observations = []
    for posting in postings:
        content = to_content(posting)
        content_hash = content.content_hash
        contents[content_hash] = content
        observations.append(to_observation(posting, content_hash))
    return contents, observations


def to_content(posting: Posting) -> Content:
    description = posting.description_html
    labels = zip(LABELS, _labels_of(posting), strict=True)
    return Content(
        description_html=description and scrub(description),
        **{name: value and _scrub_label(value) for name, value in labels},
    )


def to_observation(posting: Posting, content_hash: str) -> Observation:
    return Observation(
        posting_id=posting.posting_id,
        content_hash=content_hash,
        url=posting.url,
        requisition_id=posting.requisition_id,
        posted_date=posting.posted_date,
        valid_through_date=posting.valid_through_date,
        revision=posting.revision,
    )


def judge(
    reading: Reading,
    observations: dict[str, Observation],
    known: dict[str, Observation],
    history: History,
) -> tuple[Status, str | None]:
    """The one status of a night, and why it isn't `ok`."""
    if reading.failure is not None:
        return "failed", str(reading.failure)
    if reading.is_not_modified:
        return "ok", None
    if reading.gaps:
        return "partial", "; ".join(reading.gaps[:3])
    missing = [one for one in reading.invalid if one.posting_id not in observations]
    rows = len(observations) + reading.closed + len(missing)
    if reading.declared_total is not None and rows < reading.declared_total:
        return "partial", f"{rows} of {reading.declared_total} declared postings were read"
    if len(missing) > settings.INVALID_SHARE_MAX * max(rows, 1):
        return "partial", f"{len(missing)} of {rows} rows are invalid: {missing[0].reason}"
    reason = doubt(
        history,
        known.keys(),
        observations.keys(),
        is_declared_empty=reading.declared_total == 0,
    )
    return ("suspect", reason) if reason else ("ok", None)

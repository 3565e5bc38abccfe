"""What the store holds, as records: boards, snapshots, contents, observations and what goes with them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Literal, Self

import orjson

TRAILING_NIGHTS = 7  # that a night is judged against (method 3.3)

Status = Literal["ok", "partial", "suspect", "failed"]
# An aggregator resells what boards list: kept, but in no panel and in no table of demand.
BoardKind = Literal["stock", "flow", "aggregator"]
BoardKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StoredBoard:
    """A row of the registry, or one thread of a flow source (`board` is its month, `2015-06`)."""

    source: str
    board: str
    employer: str | None
    country_code: str | None
    kind: BoardKind
    closes_after: int  # consecutive `ok` nights without a posting that close it (method 2.2)
    discovery_reason: str
    added_date: date
    retired_date: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a crawl saw on one board. `failed` carries a failure_class; counts are of this night."""

    crawl_date: date
    source: str
    board: str
    status: Status
    fetched_at: datetime
    failure_class: str | None = None
    reason: str | None = None
    declared_postings: int | None = None
    parsed_postings: int = 0
    invalid_postings: int = 0
    is_declared_empty: bool = False
    is_not_modified: bool = False
    requests: int = 0
    body_bytes: int = 0
    body_hash: str | None = None
    parser_version: str | None = None
    field_counts: str | None = None  # JSON: the shape of the board (crawler/drift.py)
    answered_at: datetime | None = None  # the list's own Date, if it was sent anew

    @property
    def key(self) -> BoardKey:
        return self.source, self.board


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a posting; two postings with equal fields share one row."""

    title: str
    description_html: str | None = None
    employer_text: str | None = None
    location_text: str | None = None
    department: str | None = None
    employment_type_text: str | None = None
    salary_text: str | None = None
    language_hint: str | None = None

    @property
    def content_hash(self) -> str:
        """Hex digest (128 bits) of the fields, in this order."""
        return hashlib.blake2b(orjson.dumps(self, default=str), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Observation:
    """
    A posting as a snapshot listed it; the dates are the source's claims.

    `revision` is the source's own token of change (an update stamp, a lastmod), kept so that a
    detail page is fetched again only when the list says that it changed.
    """

    posting_id: str
    content_hash: str
    url: str | None = None
    requisition_id: str | None = None
    posted_date: date | None = None
    valid_through_date: date | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """What the next conditional request for `url` sends, and the body that it spares."""

    url: str
    body_hash: str
    parser_version: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A share of a board's rows that isn't what it was on the trailing nights."""

    name: str  # `field url`, `key absolute_url`, `title ja`
    usual_share: float
    share: float


@dataclass(frozen=True, slots=True)
class History:
    """Posting counts of a board's trailing `ok` nights, and of its last night if that is suspect."""

    ok_counts: tuple[int, ...] = ()
    suspect_count: int | None = None
    field_counts: tuple[str, ...] = ()  # of the trailing nights that read anything, newest first

    @classmethod
    def of(
        cls, statuses: Sequence[str], counts: Sequence[int], field_counts: Sequence[str | None]
    ) -> Self:
        """From the statuses, counts and shapes of trailing nights, newest first."""
        ok_counts = [
            count for status, count in zip(statuses, counts, strict=True) if status == "ok"
        ]
        return cls(
            tuple(ok_counts[:TRAILING_NIGHTS]),
            counts[0] if statuses[0] == "suspect" else None,
            tuple(filter(None, field_counts))[:TRAILING_NIGHTS],
        )


@dataclass(frozen=True, slots=True)
class BoardNight:
    """A board's night, written whole or not at all. `observations` is empty if nothing was read."""

    snapshot: Snapshot
    observations: Sequence[Observation] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)  # by content_hash
    validators: Sequence[Validator] = ()
    drifts: Sequence[Drift] = ()
    aliases: Sequence[tuple[str, str]] = ()  # new: the board's id, the posting_id it stands for


@dataclass(frozen=True, slots=True)
class ExtractorVersion:
    """An extractor's rules, by their hash, and vocabulary: the text of each CSV by its name."""

    extractor_version: str
    code_version: str
    taxonomy: dict[str, str]


def by_hash(contents: Iterable[Content]) -> dict[str, Content]:
    return {content.content_hash: content for content in contents}


def to_row(record: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the records above
    """A record's columns; unlike dataclasses.asdict it copies nothing, in a tenth of the time."""
    names = record.__slots__
    return dict(zip(names, _values_of(names)(record), strict=True))


@cache
def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names)

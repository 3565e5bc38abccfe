"""Hand-made stores for tests: say what each board showed on each night, get a store. All invented."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb

from warehouse.build import build
from warehouse.store import BoardNight, Content, Observation, Snapshot, Store, StoredBoard, by_hash
from warehouse.workspace import Workspace

FIRST = date(2026, 1, 1)
ROLES = ("vp_engineering", "cto", "vp_product", "engineering_manager", "software_engineer")
TITLES = {
    "VP of Engineering": ["vp_engineering"],
    "CTO": ["cto"],
    "VP of Product": ["vp_product"],
    "Engineering Manager": ["engineering_manager"],
    "Software Engineer": ["software_engineer"],
    "Accountant": ["other"],
}
TAXONOMY: dict[str, list[dict[str, Any]]] = {
    "taxonomy_roles": [
        {
            "role_id": role,
            "preferred_label_en": role.replace("_", " "),
            "preferred_label_ja": role,
            "family": "engineering",
            "parent_id": "",
            "level": "executive",
            "definition_en": "",
            "definition_ja": "",
        }
        for role in (*ROLES, "other")
    ],
    "taxonomy_role_groups": [
        {"role_group_id": "vpoe_strict", "role_id": "vp_engineering"},
        {"role_group_id": "vpoe_broad", "role_id": "vp_engineering"},
        {"role_group_id": "vpoe_broad", "role_id": "cto"},
    ],
    "taxonomy_skills": [
        {
            "skill_id": skill,
            "preferred_label_en": skill.title(),
            "preferred_label_ja": skill,
            "kind": "technology",
            "broader_id": "",
        }
        for skill in ("python", "kubernetes")
    ],
    "taxonomy_responsibilities": [],
}


@dataclass(frozen=True)
class Ad:
    """A posting as a board lists it. `fingerprint` is what the extractor made of its text."""

    posting_id: str
    title: str = "VP of Engineering"
    location: str = "Tokyo"
    employer: str | None = None
    requisition_id: str | None = None
    posted_date: date | None = None
    valid_through_date: date | None = None
    text: str = ""
    fingerprint: str | None = None
    country_code: str | None = "JP"
    skills: tuple[str, ...] = ()
    responsibilities: tuple[str, ...] = ()
    salary: tuple[float | None, float | None, str, str] | None = None  # min, max, currency, period
    hires_for: tuple[str, ...] | None = None

    @property
    def read(self) -> tuple[object, ...]:
        """What an extractor would find in the text: another reading is another text."""
        facts = (self.text, self.fingerprint, self.country_code)
        return (*facts, self.skills, self.responsibilities, self.salary)

    @property
    def content(self) -> Content:
        return Content(
            title=self.title,
            description_html=repr(self.read),
            employer_text=self.employer,
            location_text=self.location,
        )


Night = Sequence[Ad] | str | None  # the listing; a failure class; None: no crawl of this board


@dataclass(frozen=True)
class Board:
    """A board and its nights, from the night `FIRST + start` on."""

    name: str
    nights: Sequence[Night]
    start: int = 0
    source: str = "greenhouse"
    employer: str | None = "= name"
    closes_after: int = 1
    kind: str = "stock"
    discovery_reason: str = "list"
    country_code: str | None = None
    retired_date: date | None = None
    statuses: Mapping[int, str] = field(default_factory=dict)  # night -> partial or suspect

    @property
    def stored(self) -> StoredBoard:
        return StoredBoard(
            source=self.source,
            board=self.name,
            employer=self.name if self.employer == "= name" else self.employer,
            country_code=self.country_code,
            kind=self.kind,  # type: ignore[arg-type]
            closes_after=self.closes_after,
            discovery_reason=self.discovery_reason,
            added_date=FIRST + timedelta(self.start),
            retired_date=self.retired_date,
        )


def day(night: int, first: date = FIRST) -> date:
    """The date of a night; the first is 1."""
    return first + timedelta(night - 1)


def ads(*posting_ids: str, **fields: Any) -> tuple[Ad, ...]:
    return tuple(Ad(posting_id, **fields) for posting_id in posting_ids)


def listing(
    seen: Mapping[str, Iterable[int]], nights: int, failed: Iterable[int] = ()
) -> list[Night]:
    """The nights of a board from the nights on which each posting was seen (1-based)."""
    return [
        "http_5xx"
        if night in set(failed)
        else tuple(
            Ad(posting_id, location=posting_id)
            for posting_id, when in seen.items()
            if night in set(when)
        )
        for night in range(1, nights + 1)
    ]


def night_of(board: Board, number: int, crawl_date: date, listed: Night) -> BoardNight:
    at = datetime.combine(crawl_date, time(1), UTC).replace(tzinfo=None)
    snapshot = Snapshot(crawl_date, board.source, board.name, "ok", at)
    if isinstance(listed, str):
        return BoardNight(replace(snapshot, status="failed", failure_class=listed))
    listed = listed or ()
    status = board.statuses.get(number, "ok")
    return BoardNight(
        replace(snapshot, status=status, parsed_postings=len(listed)),  # type: ignore[arg-type]
        observations=[
            Observation(
                posting_id=ad.posting_id,
                content_hash=ad.content.content_hash,
                url=f"https://jobs.example/{board.name}/{ad.posting_id}",
                requisition_id=ad.requisition_id,
                posted_date=ad.posted_date,
                valid_through_date=ad.valid_through_date,
            )
            for ad in listed
        ],
        contents=by_hash(ad.content for ad in listed),
    )


def make_store(
    path: Path,
    boards: Sequence[Board],
    *,
    since: int = 1,
    until: int | None = None,
    first: date = FIRST,
) -> Path:
    """Write the boards' nights, in the order of the nights, and what the extractor would say."""
    contents: dict[str, Ad] = {}
    with Store(path) as store:
        last = max((board.start + len(board.nights) for board in boards), default=0)
        for number in range(since, min(last, until or last) + 1):
            crawl_date = day(number, first)
            tonight = [
                (board, board.nights[number - 1 - board.start])
                for board in boards
                if 0 <= number - 1 - board.start < len(board.nights)
            ]
            if all(listed is None for _, listed in tonight):
                continue
            at = datetime.combine(crawl_date, time(0), UTC).replace(tzinfo=None)
            store.start_crawl(crawl_date, [board.stored for board, _ in tonight], at)
            store.write_nights(
                [
                    night_of(board, number, crawl_date, listed)
                    for board, listed in tonight
                    if listed is not None
                ]
            )
            contents |= {
                ad.content.content_hash: ad
                for _, listed in tonight
                if listed is not None and not isinstance(listed, str)
                for ad in listed
            }
        unread = {row["content_hash"] for row in store.unextracted("1", 10_000)}
        write_extractions(store, {key: contents[key] for key in unread & contents.keys()})
    return path


def write_extractions(store: Store, contents: Mapping[str, Ad], version: str = "1") -> None:
    keyed = sorted(contents.items())
    store.write_extractions(
        [result_row(content_hash, ad, version) for content_hash, ad in keyed],
        [row for content_hash, ad in keyed for row in mention_rows(content_hash, ad, version)],
    )


def result_row(content_hash: str, ad: Ad, version: str) -> dict[str, Any]:
    roles = TITLES.get(ad.title, ["other"])
    salary_min, salary_max, currency, period = ad.salary or (None, None, None, None)
    return {
        "content_hash": content_hash,
        "extractor_version": version,
        "language": "en",
        "roles": roles,
        "is_grade": False,
        "is_candidate": False,
        "hires_for": roles if ad.hires_for is None else list(ad.hires_for),
        "salary_min": salary_min,
        "salary_max": salary_max,
        "salary_currency": currency,
        "salary_period": period,
        "location": ad.location or None,
        "country_code": ad.country_code,
        "is_remote": None,
        "employment_type": None,
        "reports_to": [],
        "team_size_min": None,
        "team_size_max": None,
        "text_chars": len(ad.text),
        "text_fingerprint": ad.fingerprint,
    }


def mention_rows(content_hash: str, ad: Ad, version: str) -> list[dict[str, Any]]:
    key = {"content_hash": content_hash, "extractor_version": version}
    role = TITLES.get(ad.title, ["other"])[0]
    title = {
        **key,
        "concept": "role",
        "concept_id": role,
        "mention_kind": "hires_for",
        "field": "title",
        "start_char": 0,
        "end_char": len(ad.title),
        "text": ad.title,
        "excerpt": ad.title,
    }
    named = [
        *(("skill", skill) for skill in ad.skills),
        *(("responsibility", one) for one in ad.responsibilities),
    ]
    concepts = [
        {
            **title,
            "concept": concept,
            "concept_id": concept_id,
            "mention_kind": None,
            "field": "text",
            "start_char": 10 * number,
            "end_char": 10 * number + len(concept_id),
            "text": concept_id,
            "excerpt": None,
        }
        for number, (concept, concept_id) in enumerate(named)
    ]
    return [title, *concepts]


def build_tables(
    folder: Path, boards: Sequence[Board], *, until: int | None = None, first: date = FIRST
) -> duckdb.DuckDBPyConnection:
    """The tables of these boards, as of night `until`, without the checks."""
    workspace = Workspace(Path(tempfile.mkdtemp(dir=folder)))
    make_store(workspace.store, boards, until=until, first=first)
    return duckdb.connect(str(build(workspace, taxonomy=TAXONOMY).path), read_only=True)


def daily(
    tables: duckdb.DuckDBPyConnection,
    column: str = "active_openings",
    role: str = "vp_engineering",
    source: str = "all",
) -> list[Any]:
    """A column of role_demand_daily by day, of all countries."""
    rows = tables.execute(
        f"select {column} from role_demand_daily "
        "where role_id = ? and source = ? and country_code = 'all' order by day",
        [role, source],
    ).fetchall()
    return [row[0] for row in rows]

"""Parse kept bodies again after a parser was mended, and rewrite the nights that they are of."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler import bodies
from crawler.bodies import Body
from crawler.errors import FetchError
from crawler.lock import run_lock
from crawler.politeness import status_failure
from crawler.reading import Ask, BoardReader, Page
from crawler.snapshots import Cost, to_night
from crawler.sources import load_spiders
from crawler.spiders.base import BoardSpider
from warehouse.store import (
    TRAILING_NIGHTS,
    BoardKey,
    BoardNight,
    History,
    Observation,
    Snapshot,
    Store,
    StoredBoard,
)
from warehouse.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReplayReport:
    boards: int
    nights: int  # parsed again
    changed: int  # of them, those that list other postings or other texts than before

    @property
    def line(self) -> str:
        return f"{self.nights:,} nights of {self.boards:,} boards parsed again, {self.changed:,} changed"


def replay_bodies(
    workspace: Workspace,
    *,
    source: str | None = None,
    board: str | None = None,
    since: date | None = None,
) -> ReplayReport:
    """
    Parse the bodies kept since a date again; each board is rewritten whole or not at all.

    Raises LockHeldError while a night runs.
    """
    totals = [0, 0, 0]
    with run_lock(workspace.lock), Store(workspace.store) as store:
        kept = {
            night: bodies.read_night(workspace.bodies, night)
            for night in bodies.nights(workspace.bodies)
            if since is None or night >= since
        }
        keys = sorted({key for night in kept.values() for key in night})
        for key in keys:
            if source in {None, key[0]} and board in {None, key[1]}:
                nights, changed = _replay(store, key, kept)
                totals = [totals[0] + 1, totals[1] + nights, totals[2] + changed]
    return ReplayReport(*totals)


def _replay(
    store: Store, key: BoardKey, kept: Mapping[date, Mapping[BoardKey, dict[str, Body]]]
) -> tuple[int, int]:
    spider = load_spiders()[key[0]]
    stored = store.board(*key)
    first = min(night for night, boards in kept.items() if key in boards)
    known = store.listed_on(*key, first - timedelta(days=1))
    trailing = store.history(*key, first)
    rewritten: list[BoardNight] = []
    parsed = changed = 0
    for snapshot, before in _nights_before(store, key, first):
        found = kept.get(snapshot.crawl_date, {}).get(key)
        if snapshot.is_not_modified:
            night = BoardNight(replace(snapshot, parsed_postings=len(known)))
        elif found:
            night = _reparse(spider, stored, snapshot, found, known, trailing)
            parsed += 1
        elif snapshot.status == "failed":
            night = BoardNight(snapshot)
        else:  # what it listed stands, though this parser might have read it otherwise
            night = BoardNight(snapshot, list(before.values()))
        if night.snapshot.status != "failed" and not snapshot.is_not_modified:
            known = {one.posting_id: one for one in night.observations}
        changed += bool(found) and known != before
        trailing = _after(trailing, night.snapshot)
        rewritten.append(night)
    store.rewrite_nights(rewritten)
    return parsed, changed


def _nights_before(
    store: Store, key: BoardKey, since: date
) -> Iterator[tuple[Snapshot, dict[str, Observation]]]:
    """The board's snapshots with what they listed before the rewrite, oldest first."""
    for snapshot in store.snapshots(*key, since):
        yield snapshot, store.listed_on(*key, snapshot.crawl_date)


def _after(trailing: History, snapshot: Snapshot) -> History:
    """The history that the next night is judged by; as in the store, the newest night first."""
    count = snapshot.parsed_postings
    shapes = tuple(filter(None, (snapshot.field_counts, *trailing.field_counts)))[:TRAILING_NIGHTS]
    if snapshot.status == "suspect":
        return History(trailing.ok_counts, count, shapes)
    if snapshot.status == "ok":
        return History((count, *trailing.ok_counts)[:TRAILING_NIGHTS], None, shapes)
    return trailing


def _reparse(
    spider: type[BoardSpider],
    board: StoredBoard,
    snapshot: Snapshot,
    found: Mapping[str, Body],
    known: dict[str, Observation],
    history: History,
) -> BoardNight:
    async def fetch(ask: Ask) -> Page:
        body = found.get(ask.key)
        if body is None:
            raise FetchError("status", f"{ask.url}: its body isn't kept")
        if failure := status_failure(ask.url, body.status):
            raise failure
        return Page(body.page_url or ask.url, body.body, body.content_type)

    address = next(iter(found))
    reader = BoardReader(spider, address, fetch, known=known, validators={})
    night = to_night(
        asyncio.run(reader.read()),
        board,
        snapshot.crawl_date,
        known=known,
        history=history,
        at=snapshot.fetched_at,
        cost=Cost(snapshot.requests, snapshot.body_bytes),
        parser_version=spider.parser_version(),
    )
    # The next night's request is conditional on this parser's reading, never on an old answer.
    answered = replace(night.snapshot, answered_at=snapshot.answered_at)
    return replace(night, snapshot=answered, validators=())

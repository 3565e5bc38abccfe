"""The boards of a source, read through Scrapy: each a bounded unit that ends in one item."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.boards import Board
from crawler.charset import decode, unescaped
from crawler.churn import with_aliases
from crawler.errors import FetchError, SourceError
from crawler.items import Index, UnitRef
from crawler.night import Budget
from crawler.politeness import header, status_failure
from crawler.reading import Ask, BoardReader, Page, Reading
from crawler.scrub import scrub
from crawler.snapshots import Cost
from crawler.spiders.base import BoardSpider, rebase
from warehouse.store import StoredBoard

NOT_MODIFIED = 304
WAITING_ITEMS = 4  # readings that may wait for the store, bodies and all

log = logging.getLogger(__name__)


class CrashError(SourceError):
    """A bug of ours: that board failed, the others go on."""

    failure_class = "crash"


@dataclass(frozen=True, slots=True)
class BoardRead:
    """A board's reading, on its way to the store."""

    spider: type[BoardSpider]
    board: StoredBoard
    reading: Reading
    cost: Cost


def stored(spider: type[BoardSpider], row: Board, name: str | None = None) -> StoredBoard:
    """The registry's row as the store keeps it, or one unit of it."""
    return StoredBoard(
        source=row.source,
        board=name or row.board,
        employer=row.employer,
        country_code=row.country_code,
        kind=spider.kind,
        closes_after=spider.closes_after,
        discovery_reason=row.discovery_reason,
        added_date=row.added_date,
        retired_date=row.retired_date,
    )


def failure_of(error: Exception, board: StoredBoard) -> SourceError:
    """The error as the board's status states it; a bug of ours has its traceback in the log."""
    if isinstance(error, SourceError):
        return error
    log.error("%s/%s: crashed", board.source, board.board, exc_info=error)
    return CrashError(f"{type(error).__name__}: {error}")


async def read_boards(spider: BoardSpider) -> AsyncIterator[BoardRead]:
    """Read the boards of `spider.rows`, as many at once as their hosts allow; yield each when read."""
    finished: asyncio.Queue[BoardRead | None] = asyncio.Queue(WAITING_ITEMS)
    tasks = {asyncio.ensure_future(_read_row(spider, row, finished)) for row in spider.rows}

    async def end() -> None:
        await asyncio.gather(*tasks, return_exceptions=True)
        await finished.put(None)

    ending = asyncio.ensure_future(end())
    try:
        while (item := await finished.get()) is not None:
            yield item
        await ending
    finally:
        for task in (*tasks, ending):
            task.cancel()


async def _read_row(
    spider: BoardSpider, row: Board, finished: "asyncio.Queue[BoardRead | None]"
) -> None:
    """Read a row of the registry: its board, or the units that its index names."""
    try:
        await (_read_whole if type(spider).index_url is None else _read_each)(spider, row, finished)
    except Exception as error:  # noqa: BLE001 - a board's own errors are its status: it is the store's
        spider.night.stop(error)


async def _read_whole(
    spider: BoardSpider, row: Board, finished: "asyncio.Queue[BoardRead | None]"
) -> None:
    kind = type(spider)
    address = kind.board_url(kind.listing_url, row)
    await _read_board(spider, stored(kind, row), address, finished)


async def _read_each(
    spider: BoardSpider, row: Board, finished: "asyncio.Queue[BoardRead | None]"
) -> None:
    kind = type(spider)
    assert kind.index_url is not None  # noqa: S101 - that is why it is read this way
    address = kind.board_url(kind.index_url, row)
    units = await _read_units(spider, stored(kind, row), address, finished)
    boards = {unit.board: stored(kind, row, unit.board) for unit in units}
    left = spider.night.plan(list(boards.values()))
    for unit in units:
        if (row.source, unit.board) in left:
            await _read_board(spider, boards[unit.board], unit.url, finished)


async def _read_units(
    spider: BoardSpider,
    board: StoredBoard,
    address: str,
    finished: "asyncio.Queue[BoardRead | None]",
) -> list[UnitRef]:
    """The units that tonight reads, oldest first; none, and a failed board, if the index fails."""
    if time.monotonic() >= spider.night.deadline:
        return []
    fetcher = Fetcher(spider, spider.night.budget(), board)
    units: dict[str, UnitRef] = {}
    waiting, seen = deque([address]), {address}
    try:
        while waiting:
            page = await fetcher(Ask(waiting.popleft()))
            index: Index = type(spider).parse_index(page.body or b"")  # type: ignore[misc]
            for unit in index.units:
                units.setdefault(
                    unit.board, unit.model_copy(update={"url": urljoin(page.url, unit.url)})
                )
            named = (*index.index_urls, *([index.next_url] if index.next_url else ()))
            following = [urljoin(page.url, url) for url in named]
            waiting.extend(url for url in dict.fromkeys(following) if url not in seen)
            seen.update(following)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this board's failure
        spider.night.plan([board])
        failed = Reading(failure=failure_of(error, board))
        await finished.put(BoardRead(type(spider), board, failed, fetcher.cost))
        return []
    spider.night.store.forget_failed(spider.night.crawl_date, (board.source, board.board))
    newest = sorted(units)
    since = spider.night.backfill_since
    chosen = newest[-type(spider).nightly_units :] if since is None else newest
    return [units[name] for name in chosen if since is None or name >= since]


def rebased(spider: BoardSpider, url: str) -> str:
    """The address of the stand-in that answers for it, if there is one."""
    kind = type(spider)
    template = kind.index_url or kind.listing_url
    host = urlsplit(template).netloc
    return rebase(url, spider.night.base_urls.get(kind.name), keep_host="{" in host or not host)


async def _read_board(
    spider: BoardSpider,
    board: StoredBoard,
    address: str,
    finished: "asyncio.Queue[BoardRead | None]",
) -> None:
    night, kind = spider.night, type(spider)
    host = night.host(urlsplit(rebased(spider, address)).netloc)
    async with host.lane, night.open_boards:
        if time.monotonic() >= night.deadline:
            return  # unvisited: no status, first in line next night
        budget = night.budget()
        fetcher = Fetcher(spider, budget, board)
        reader = BoardReader(
            kind,
            address,
            fetcher,
            known=with_aliases(
                night.store.listed(board.source, board.board),
                night.store.aliases(board.source, board.board),
            ),
            validators=night.store.validators(board.source, board.board),
        )
        try:
            async with asyncio.timeout(budget.seconds_left):
                reading = await reader.read()
        except TimeoutError:
            reader.give_up(FetchError("timeout", "the board's time is used up"))
            reading = reader.reading
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this board's failure
            reading = Reading(failure=failure_of(error, board), bodies=reader.reading.bodies)
        await finished.put(BoardRead(kind, board, reading, fetcher.cost))


class Fetcher:
    """Fetches through the spider's downloader, whose middlewares hold the rules."""

    def __init__(
        self, spider: BoardSpider, budget: Budget, board: StoredBoard | None = None
    ) -> None:
        self.spider = spider
        self.budget = budget
        self.meta: dict[str, Any] = {"budget": budget}
        if board:
            self.meta["board"] = (board.source, board.board), board.employer

    @property
    def cost(self) -> Cost:
        return Cost(self.budget.requests, self.budget.body_bytes)

    async def __call__(self, ask: Ask) -> Page:
        """Raises FetchError, BudgetError."""
        headers = {"Accept": type(self.spider).accept}
        if ask.validator and ask.validator.etag:
            headers["If-None-Match"] = ask.validator.etag
        if ask.validator and ask.validator.last_modified:
            headers["If-Modified-Since"] = ask.validator.last_modified
        if ask.post is not None:
            headers["Content-Type"] = "application/json"
        url = rebased(self.spider, ask.url)
        request = Request(
            url,
            method="GET" if ask.post is None else "POST",
            body=ask.post or "",
            headers=headers,
            meta=dict(self.meta),
            dont_filter=True,
        )
        engine = self.spider.crawler.engine
        assert engine is not None  # noqa: S101 - there is one while the spider runs
        response = await engine.download_async(request)
        if failure := status_failure(url, response.status):
            raise failure
        page = to_page(response)
        # What links from it is told apart by the source's own addresses, whoever stands in for them.
        return page if page.url != url else replace(page, url=ask.url)


def to_page(response: Response) -> Page:
    """Raises FetchError("encoding") for a text in no known encoding."""
    content_type = header(response, "Content-Type")
    if response.status == NOT_MODIFIED:
        body = None
    else:
        body = scrub(unescaped(decode(response.body, content_type))).encode("utf-8", "replace")
    return Page(
        url=response.url,
        body=body,
        content_type=content_type,
        answered_at=None if body is None else date_of_answer(response),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
    )


def date_of_answer(response: Response) -> datetime | None:
    """The Date that the answer bears, in UTC; None if it has none that can be read."""
    try:
        written = parsedate_to_datetime(header(response, "Date") or "")
    except ValueError:
        return None
    return written.astimezone(UTC).replace(tzinfo=None) if written.tzinfo else written

"""What the boards of one night share: the date, the store, the bodies, the hosts and their state."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

from crawler import settings
from crawler.bodies import Body, BodyWriter
from crawler.errors import BudgetError, FetchError
from crawler.optout import OptOutList
from warehouse.store import BoardKey, BoardNight, Snapshot, Store, StoredBoard

Clock = Callable[[], datetime]
# Location patterns of a tdmrep.json, and whether they are reserved.
Reservations = tuple[tuple[str, bool], ...]
Progress = Callable[[Snapshot], None]  # called for each board that is written


@dataclass
class Host:
    """
    A host tonight, whoever its tenants are. Left for tonight (`left` says why) once it asked for
    more patience than a night has, or fails again and again.
    """

    name: str
    lane: asyncio.Lock = field(default_factory=asyncio.Lock)  # one board of it at a time
    turns: asyncio.Lock = field(default_factory=asyncio.Lock)
    crawl_delay: float = 0.0  # seconds, as its robots.txt asks
    next_at: float = 0.0  # of time.monotonic()
    robots_read_at: float = 0.0  # of time.monotonic()
    requests: int = 0
    failures: int = 0
    failures_in_a_row: int = 0
    left: FetchError | None = None

    def count(self, failure: FetchError | None) -> None:
        self.requests += 1
        self.failures += failure is not None
        self.failures_in_a_row = self.failures_in_a_row + 1 if failure else 0
        is_bad = (
            self.requests >= settings.BREAKER_REQUESTS
            and self.failures > settings.BREAKER_SHARE * self.requests
        )
        if failure and (self.failures_in_a_row >= settings.BREAKER_RUN or is_bad):
            self.leave(failure.failure_class, f"{self.failures} of {self.requests} requests failed")

    async def turn(self, delay: float) -> None:
        """Wait until a request may be sent, at least `delay` seconds (or its own) after the last."""
        async with self.turns:
            await asyncio.sleep(max(0.0, self.next_at - time.monotonic()))
            asked = max(delay, self.crawl_delay)
            jitter = random.uniform(-settings.DELAY_JITTER, settings.DELAY_JITTER)  # noqa: S311
            self.next_at = time.monotonic() + max(asked * (1 + jitter), self.crawl_delay)

    def robots_too_old(self, now: float) -> bool:
        return now - self.robots_read_at > settings.ROBOTS_AGE

    def leave(self, failure_class: str, reason: str) -> None:
        self.left = FetchError(failure_class, f"{self.name} is left for tonight: {reason}")


@dataclass
class Budget:
    """What one board's night may use up; time runs from the board's first request."""

    deadline: float  # of time.monotonic()
    requests: int = 0
    body_bytes: int = 0

    @property
    def seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def spend_request(self) -> None:
        """Raises BudgetError once time, requests or bytes are used up."""
        if self.seconds_left <= 0:
            raise BudgetError("timeout", "the board's time is used up")
        if self.requests >= settings.BOARD_REQUESTS:
            raise BudgetError("too_large", f"{self.requests} requests are the most for a board")
        if self.body_bytes > settings.BOARD_BYTES:
            raise BudgetError("too_large", f"{settings.BOARD_BYTES} bytes are the most for a board")
        self.requests += 1


class OfNight:
    """A middleware or pipeline of Scrapy's that knows the night of its spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def night(self) -> "Night":
        spider: Any = self.crawler.spider
        night: Night = spider.night
        return night


@dataclass
class Night:
    crawl_date: date
    store: Store
    bodies: BodyWriter
    clock: Clock
    base_urls: Mapping[str, str]
    deadline: float = float("inf")  # of time.monotonic(); boards not begun by then are unvisited
    retry_failed: bool = False
    backfill_since: str | None = None  # units of an index from this one on, not only the newest
    progress: Progress | None = None
    opt_outs: OptOutList = field(default_factory=OptOutList)
    hosts: dict[str, Host] = field(default_factory=dict)
    robots: dict[str, "asyncio.Task[RobotParser | None]"] = field(default_factory=dict)
    reservations: dict[str, "asyncio.Task[Reservations]"] = field(default_factory=dict)
    notices: Counter[str] = field(default_factory=Counter)
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)  # a spider each
    is_stopped: bool = False
    error: Exception | None = None  # of the store or the disk: it ended the crawl
    _waiting: list[tuple[list[Body], BoardNight]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None  # that ends the wait

    def __post_init__(self) -> None:
        self.open_boards = asyncio.Semaphore(settings.OPEN_BOARDS)

    @property
    def is_stand_in(self) -> bool:
        """Whether only stand-ins on loopback are asked: nobody is there to be patient with."""
        return bool(self.base_urls)

    def host(self, netloc: str) -> Host:
        return self.hosts.setdefault(netloc, Host(netloc))

    def budget(self) -> Budget:
        return Budget(min(time.monotonic() + settings.BOARD_SECONDS, self.deadline))

    def stop(self, error: Exception | None = None) -> None:
        """End the crawl; the boards in flight have no status. What is in the store stays whole."""
        self.is_stopped = True
        self.error = self.error or error
        for task in self.tasks:
            task.cancel()

    def keep(self, bodies: list[Body], board_night: BoardNight) -> None:
        """
        Write a board's night, together with those that are read in the same moment.

        What a kill takes with it, at most a moment's boards, is read again by the next run.
        """
        self._waiting.append((bodies, board_night))
        size = sum(len(body.body) for waiting, _ in self._waiting for body in waiting)
        if len(self._waiting) >= settings.GROUP_BOARDS or size >= settings.GROUP_BYTES:
            self.flush()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(settings.GROUP_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what waits: first the bodies, so that what is in the store can be replayed."""
        waiting, self._waiting = self._waiting, []
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not waiting or self.error:
            return
        nights = [board_night for _, board_night in waiting]
        try:
            for bodies, board_night in waiting:
                self.bodies.write(board_night.snapshot.key, bodies)
            self.store.write_nights(nights)
        except Exception as error:  # noqa: BLE001 - Scrapy would log it and go on; nothing more can be kept
            self.stop(error)
            return
        if self.progress:
            for board_night in nights:
                self.progress(board_night.snapshot)

    def plan(self, boards: list[StoredBoard]) -> set[BoardKey]:
        """Record boards as meant for tonight; return those that still have no status."""
        keys = {(board.source, board.board) for board in boards}
        self.store.plan_boards(self.crawl_date, boards)
        return keys - self.store.finished_boards(self.crawl_date, with_failed=not self.retry_failed)

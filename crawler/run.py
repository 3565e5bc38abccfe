"""A crawl: one night over the registry, by all spiders at once, in one process."""

import asyncio
import errno
import gc
import logging
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from crawler import reactor, settings
from crawler.boards import Board
from crawler.bodies import BodyWriter, prune
from crawler.errors import ClockError, ConfigurationError, ExitCode
from crawler.lock import run_lock
from crawler.night import Clock, Night, Progress
from crawler.optout import OPT_OUT_CSV, OptOutList, purge_opted_out
from crawler.requests import stored
from crawler.sources import load_spiders
from crawler.spiders.base import BoardSpider
from warehouse.store import Snapshot, Store, StoredBoard
from warehouse.workspace import Workspace

GOOD_COVERAGE, LEAST_COVERAGE = 0.95, 0.80  # shares of the planned boards (method 3.2)
FREE_BYTES = 1024**3  # beside twice what the last night fetched
COLLECTION_THRESHOLD = (50_000, 20, 50)  # gc.set_threshold

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """
    How a crawl went, in boards. `failures` counts the failed ones by class, `off` the boards of
    sources that are not read, by reason; `pruned` lists the nights whose bodies were deleted, `purged`
    the boards whose texts were, because somebody asked for it.
    """

    crawl_date: date
    planned: int
    ok: int
    partial: int
    suspect: int
    failed: int
    not_modified: int
    failures: dict[str, int]
    failed_boards: list[str]
    off: dict[str, int]
    notices: dict[str, int]
    pruned: list[date]
    requests: int
    body_bytes: int
    seconds: float
    is_stopped: bool
    purged: list[str]

    @property
    def unvisited(self) -> int:
        return self.planned - self.ok - self.partial - self.suspect - self.failed

    @property
    def coverage(self) -> float:
        """Share of the planned boards that were read, in full or in part."""
        read = self.ok + self.partial + self.suspect
        return read / self.planned if self.planned else 0.0

    @property
    def exit_code(self) -> ExitCode:
        if self.is_stopped:
            return ExitCode.STOPPED
        if self.coverage < LEAST_COVERAGE:
            return ExitCode.NOT_PUBLISHED
        if self.coverage < GOOD_COVERAGE or self.suspect:
            return ExitCode.DEGRADED
        return ExitCode.OK

    @property
    def line(self) -> str:
        failures = ", ".join(f"{name} {count}" for name, count in self.failures.items())
        parts = [
            f"{self.crawl_date}: {self.ok} of {self.planned} boards ok",
            f"{self.not_modified} unchanged" if self.not_modified else "",
            f"{self.partial} partial" if self.partial else "",
            f"{self.suspect} suspect" if self.suspect else "",
            f"{self.failed} failed ({failures})" if self.failed else "",
            f"{self.unvisited} not visited" if self.unvisited else "",
            f"{sum(self.off.values())} left out" if self.off else "",
            f"purged of {len(self.purged)} boards who opted out" if self.purged else "",
            f"{self.requests:,} requests, {self.body_bytes / 1e6:,.1f} MB, {self.seconds:.0f} s",
        ]
        return "; ".join(filter(None, parts))

    def __str__(self) -> str:
        return self.line


def utc_now() -> datetime:
    return datetime.now(UTC)


def tonight(clock: Clock = utc_now) -> date:
    """The local date of a run that starts now; VPOE_TIMEZONE, Asia/Tokyo if not set."""
    name = os.environ.get("VPOE_TIMEZONE", "Asia/Tokyo")
    try:
        return clock().astimezone(ZoneInfo(name)).date()
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"VPOE_TIMEZONE={name!r} is no time zone, as in Asia/Tokyo"
        ) from error


def crawl(
    workspace: Workspace,
    crawl_date: date,
    boards: Sequence[Board],
    *,
    base_urls: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    seconds: float = float("inf"),
    retry_failed: bool = False,
    backfill_since: str | None = None,
    clock: Clock = utc_now,
    opt_out_csv: Path = OPT_OUT_CSV,
) -> CrawlReport:
    """
    Read every board of the registry that has no status tonight yet.

    `base_urls` names a stand-in on loopback for a source, `seconds` is the time for the whole
    crawl; boards not begun by then come first next time. `backfill_since` ("2011-01") reads the
    monthly threads from there on.

    Raises LockHeldError, ClockError, ConfigurationError, or OSError for a full disk, before any
    request and with nothing written.
    """
    agent = user_agent(is_stand_in=bool(base_urls))
    opt_outs = OptOutList(opt_out_csv)
    asked = [row for row in boards if not opt_outs.find_row(row)]
    planned, retired, off = plan(asked, crawl_date)
    off["opted out"] = len(boards) - len(asked)
    workspace.create()
    with run_lock(workspace.lock), Store(workspace.store) as store:
        newest = store.newest_crawl_date()
        if newest is not None and crawl_date < newest:
            raise ClockError(
                f"{crawl_date} is before {newest}, the newest night of {store.path}; "
                "set the clock or give --date"
            )
        check_free_space(workspace, store)
        begun = time.monotonic()
        everything = [board for rows in planned.values() for board in rows]
        store.start_crawl(
            crawl_date,
            [to_stored(row) for row in everything if not has_index(row)],
            clock().replace(tzinfo=None, microsecond=0),
            retired=[to_stored(row) for row in retired],
        )
        with BodyWriter(workspace.bodies, crawl_date) as bodies:
            night = Night(
                crawl_date=crawl_date,
                store=store,
                bodies=bodies,
                clock=clock,
                base_urls=base_urls or {},
                deadline=time.monotonic() + seconds,
                retry_failed=retry_failed,
                backfill_since=backfill_since,
                progress=progress,
                opt_outs=opt_outs,
            )
            with rare_collections():
                reactor.run(_crawl(night, unread(night, planned), agent))
                night.flush()
        if night.error:
            raise night.error
        pruned = prune(workspace.bodies, crawl_date, settings.BODY_DAYS)
        purged = purge_opted_out(store, workspace.bodies, opt_outs, boards, crawl_date)
        report = to_report(night, off, pruned, purged, time.monotonic() - begun)
        finish(workspace, store, report, clock)
    log.info("%s", report)
    return report


@contextmanager
def rare_collections() -> Iterator[None]:
    """
    Look for cyclic garbage rarely: a night remembers every posting that is listed, and to walk
    through them again and again costs a tenth of its CPU time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTION_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def user_agent(*, is_stand_in: bool) -> str:
    """Raises ConfigurationError without a contact: whoever is asked must be able to answer."""
    contact = os.environ.get("VPOE_CONTACT", "").strip()
    if not contact and not is_stand_in:
        raise ConfigurationError(
            "VPOE_CONTACT isn't set; name a page or address at which a site's operator reaches "
            "you, for example VPOE_CONTACT=https://example.org/our-crawler"
        )
    return f"vpoe/{version('vpoe')} (+{contact or 'loopback'})"


def check_free_space(workspace: Workspace, store: Store) -> None:
    """Raises OSError if the disk can't take another night like the last."""
    free = shutil.disk_usage(workspace.root).free
    wanted = FREE_BYTES + 2 * store.bytes_of_last_night()
    if free < wanted:
        raise OSError(
            errno.ENOSPC, f"{free:,} bytes free, a night wants {wanted:,}; free some", "VPOE_HOME"
        )


Planned = dict[type[BoardSpider], list[Board]]


def plan(boards: Sequence[Board], crawl_date: date) -> tuple[Planned, list[Board], Counter[str]]:
    """
    The boards by spider, those that are retired, and how many belong to sources that are off.

    Raises ConfigurationError for a board whose name lacks a part of its address.
    """
    spiders = load_spiders()
    planned: Planned = {}
    retired: list[Board] = []
    off: Counter[str] = Counter()
    for row in boards:
        spider = spiders[row.source]
        if row.retired_date is not None and row.retired_date <= crawl_date:
            retired.append(row)
        elif reason := spider.off_on(crawl_date):
            off[f"{row.source}: {reason}"] += 1
        else:
            spider.board_url(spider.index_url or spider.listing_url, row)
            planned.setdefault(spider, []).append(row)
    return planned, retired, off


def has_index(row: Board) -> bool:
    """Whether the row stands for units that only its index names."""
    return load_spiders()[row.source].index_url is not None


def to_stored(row: Board) -> StoredBoard:
    return stored(load_spiders()[row.source], row)


def unread(night: Night, planned: Planned) -> Planned:
    """What has no status tonight, the board read longest ago first."""
    finished = night.store.finished_boards(night.crawl_date, with_failed=not night.retry_failed)
    last_read = night.store.last_read_dates()
    return {
        spider: sorted(
            (row for row in rows if row.key not in finished),
            key=lambda row: last_read.get(row.key, date.min),
        )
        for spider, rows in planned.items()
    }


async def _crawl(night: Night, planned: Planned, agent: str) -> None:
    """Run the spiders, until they are done or the night is stopped."""
    allow_stand_ins(night)
    runner = AsyncCrawlerRunner(scrapy_settings(agent))
    night.tasks = [
        runner.crawl(spider, night=night, rows=rows) for spider, rows in planned.items() if rows
    ]
    with stopped_by_signals(night):
        await asyncio.gather(*night.tasks)


def allow_stand_ins(night: Night) -> None:
    """Let the resolver connect to stand-ins, which are on loopback, and to nothing else there."""
    reactor.resolver().allowed = {
        (parts.hostname or "", parts.port or 80)
        for parts in map(urlsplit, night.base_urls.values())
    }


def scrapy_settings(agent: str) -> Settings:
    values = Settings()
    values.setmodule(settings, priority="project")
    values.set("USER_AGENT", agent)
    return values


@contextmanager
def stopped_by_signals(night: Night) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the boards in flight."""
    loop = asyncio.get_running_loop()
    handled = (signal.SIGINT, signal.SIGTERM)
    for one in handled:
        loop.add_signal_handler(one, night.stop)
    try:
        yield
    except asyncio.CancelledError:
        if not night.is_stopped:
            raise
    finally:
        for one in handled:
            loop.remove_signal_handler(one)


def to_report(
    night: Night,
    off: Counter[str],
    pruned: list[date],
    purged: list[str],
    seconds: float,
) -> CrawlReport:
    """Count the night as the store has it, so that a resumed one is reported whole."""
    snapshots = night.store.snapshots_of(night.crawl_date)
    if stale := night.store.unchanging_boards(night.crawl_date, settings.STALE_NIGHTS):
        names = ", ".join("/".join(key) for key in stale[:3])
        night.notices[
            f"stale cache? {len(stale)} boards sent one body for {settings.STALE_NIGHTS} nights: "
            f"{names}{', …' if len(stale) > 3 else ''}"  # noqa: PLR2004 - as many as are named
        ] += 1
    statuses = Counter(one.status for one in snapshots)
    failed = [one for one in snapshots if one.status == "failed"]
    classes = Counter(one.failure_class or "unknown" for one in failed)
    return CrawlReport(
        crawl_date=night.crawl_date,
        planned=max(night.store.planned_boards(night.crawl_date), len(snapshots)),
        ok=statuses["ok"],
        partial=statuses["partial"],
        suspect=statuses["suspect"],
        failed=statuses["failed"],
        not_modified=sum(one.is_not_modified for one in snapshots),
        failures=dict(classes.most_common()),
        failed_boards=[name_of(one) for one in failed],
        off=dict(+off),
        notices=dict(night.notices),
        pruned=pruned,
        requests=sum(one.requests for one in snapshots),
        body_bytes=sum(one.body_bytes for one in snapshots),
        seconds=round(seconds, 1),
        is_stopped=night.is_stopped,
        purged=purged,
    )


def name_of(snapshot: Snapshot) -> str:
    return f"{snapshot.source}/{snapshot.board}: {snapshot.failure_class}: {snapshot.reason}"


def finish(workspace: Workspace, store: Store, report: CrawlReport, clock: Clock) -> None:
    """Write the report, in the store and as a file a night."""
    text = orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode()
    if not report.is_stopped:
        at = clock().replace(tzinfo=None, microsecond=0)
        store.finish_crawl(report.crawl_date, at, int(report.exit_code), text)
    workspace.reports.mkdir(exist_ok=True)
    (workspace.reports / f"{report.crawl_date}.json").write_text(text + "\n", encoding="utf-8")

"""Real data through the real path: crawl, extract, build, check, publish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from crawler.board_urls import BoardRef, board_of_url
from crawler.boards import Board
from crawler.demo.server import LoopbackServer
from crawler.run import crawl
from pipeline.nightly import extract_new
from tests.replay.data import GreenhouseDaily, HackerNews, Recordings
from tests.replay.sites import GreenhouseSite, HackerNewsSite, RecordedSite
from warehouse.build import build
from warehouse.publish import PublishReport, publish
from warehouse.workspace import Workspace

Say = Callable[[str], None]
FIRST_THREAD = "2011-01"
# In `greenhouse_daily` a board was read every third night: a night of it sees a third of the boards,
# which is no failure of the crawl, and what closed on three nights is seen on one.
ACCEPTED = ("newest_night_was_seen", "closures_are_usual")
RECORDED_SOURCES = ("greenhouse", "lever", "jsonld")
EVENING = time(20, tzinfo=UTC)


def replay_greenhouse(
    data: Path, workspace: Workspace, *, nights: int, boards: int, workers: int, say: Say
) -> PublishReport:
    """Crawl the newest nights of some boards, one after the other, and publish what came out."""
    source = GreenhouseDaily(data)
    days = source.nights(nights)
    employers = source.boards(boards, days)
    registry = [
        Board(
            source="greenhouse",
            board=board,
            employer=employer,
            discovery_reason="list",
            added_date=days[0],
        )
        for board, employer in employers.items()
    ]
    site = GreenhouseSite(source.listings(list(employers), days), days[0])
    with _stand_in(site, ["greenhouse"]) as (_, base_urls):
        for day in days:
            site.day = day
            report = crawl(workspace, day, registry, base_urls=base_urls)
            say(f"{day}: {report}")
    return _finish(workspace, workers=workers, say=say)


def replay_hackernews(data: Path, workspace: Workspace, *, workers: int, say: Say) -> PublishReport:
    """Backfill every monthly thread in one crawl, and publish what came out."""
    source = HackerNews(data)
    newest = max(source.stories)
    day = date.fromisoformat(f"{newest}-28")
    site = HackerNewsSite(source, datetime.combine(day, EVENING))
    board = Board(source="hackernews", board="whoishiring", discovery_reason="list", added_date=day)
    with _stand_in(site, ["hackernews"]) as (_, base_urls):
        report = crawl(workspace, day, [board], base_urls=base_urls, backfill_since=FIRST_THREAD)
        say(f"{len(source.stories)} threads: {report}")
    return _finish(workspace, workers=workers, say=say)


def replay_recorded(data: Path, workspace: Workspace, *, workers: int, say: Say) -> PublishReport:
    """Crawl the recorded boards of all sources for one night, and publish what came out."""
    recordings = Recordings(data)
    registry = recorded_boards(recordings)
    day = max(one.recorded for found in recordings.by_path.values() for one in found)
    with _stand_in(RecordedSite(recordings, day), RECORDED_SOURCES) as (_, urls):
        report = crawl(workspace, day, registry, base_urls=urls)
        say(f"{len(registry)} boards: {report}")
    return _finish(workspace, workers=workers, say=say)


def recorded_boards(recordings: Recordings) -> list[Board]:
    """Return a row for every recorded address that is the listing of a board of our sources."""
    rows: dict[tuple[str, str], Board] = {}
    for (address, _page), found in sorted(recordings.by_path.items(), key=str):
        ref = _listing(address)
        if ref and ref.source in RECORDED_SOURCES:
            rows[ref.source, ref.board] = Board(
                source=ref.source,
                board=ref.board,
                url=ref.url,
                discovery_reason="list",
                added_date=found[0].recorded,
            )
    return list(rows.values())


def _listing(address: str) -> BoardRef | None:
    host, _, path = address.partition("/")
    if path == "sitemap.xml":
        return BoardRef("jsonld", host, f"https://{address}")
    return board_of_url(f"https://{address}")


@contextmanager
def _stand_in(
    site: GreenhouseSite | HackerNewsSite | RecordedSite, sources: Sequence[str]
) -> Iterator[tuple[LoopbackServer, Mapping[str, str]]]:
    with LoopbackServer(site) as server:
        yield server, {source: f"{server.base_url}/{source}" for source in sources}


def _finish(workspace: Workspace, *, workers: int, say: Say) -> PublishReport:
    say(f"extracted {extract_new(workspace, workers=workers):,} texts")
    report = build(workspace)
    say(f"built {report.rows['postings']:,} postings, {report.rows['openings']:,} openings")
    return publish(workspace, accept=ACCEPTED)

"""
Postings that other people's crawlers met, from WARC files (Common Crawl's among them).

    python -m crawler.backfill CC-MAIN-20240221-00001.warc.gz …

They are kept beside the panel, as boards of the source `warc`, one a host. A day's captures of a
host are a `partial` snapshot of that day: they say what stood there, never what didn't. So nothing
is new, active or closed by them.
"""

import argparse
import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import ExitCode, LockHeldError, SourceError
from crawler.items import Posting
from crawler.lock import run_lock
from crawler.scrub import scrub
from crawler.spiders.warc import WarcSpider, captures_of, posting_of
from warehouse.store import BoardNight, Content, Observation, Snapshot, Store, StoredBoard, by_hash
from warehouse.workspace import Workspace

log = logging.getLogger(__name__)

Days = dict[tuple[date, str], dict[str, Posting]]  # by day and host: postings by id


def backfill(files: Iterable[Path], store: Store) -> Counter[str]:
    """
    Write the postings of WARC files, and return what was counted.

    A day of a host is written once, and none before a newer one that the store has: read the
    oldest files first. A file that breaks off gives what it held until there.
    """
    counts: Counter[str] = Counter()
    days: Days = defaultdict(dict)
    for file in files:
        _read(file, days, counts)
    read_at = datetime.now(UTC).replace(tzinfo=None)
    for (day, host), postings in sorted(days.items()):
        is_late = bool(store.snapshots(WarcSpider.name, host, day))
        counts["late days" if is_late else "days"] += 1
        if not is_late:
            counts["postings"] += len(postings)
            _write(store, host, day, list(postings.values()), read_at)
    return counts


def _read(file: Path, days: Days, counts: Counter[str]) -> None:
    try:
        with file.open("rb") as stream:
            for capture in captures_of(stream):
                counts["pages"] += 1
                try:
                    posting = posting_of(capture, scrub)
                except SourceError as error:
                    counts["unreadable pages"] += 1
                    log.info("%s", error)
                    continue
                host = urlsplit(capture.url).hostname
                if posting and host:
                    days[capture.captured_date, host][posting.posting_id] = posting
    except SourceError as error:
        counts["broken files"] += 1
        log.warning("%s: %s", file.name, error)


def _write(store: Store, host: str, day: date, postings: list[Posting], read_at: datetime) -> None:
    contents = [Content(**posting.model_dump(include=CONTENT_FIELDS)) for posting in postings]
    observations = [
        Observation(
            content_hash=content.content_hash, **posting.model_dump(include=OBSERVATION_FIELDS)
        )
        for posting, content in zip(postings, contents, strict=True)
    ]
    board = StoredBoard(
        source=WarcSpider.name,
        board=host,
        employer=None,
        country_code=None,
        kind=WarcSpider.kind,
        closes_after=WarcSpider.closes_after,
        discovery_reason="list",
        added_date=day,
    )
    snapshot = Snapshot(
        crawl_date=day,
        source=board.source,
        board=host,
        status="partial",
        fetched_at=read_at,
        reason="captures of an archive",
        parsed_postings=len(postings),
        parser_version=WarcSpider.parser_version(),
    )
    if not store.snapshots(board.source, host, date.min):
        store.upsert("raw.boards", [asdict(board)])
    store.write_nights([BoardNight(snapshot, observations, by_hash(contents))])


CONTENT_FIELDS = set(Content.__dataclass_fields__)
OBSERVATION_FIELDS = set(Observation.__dataclass_fields__) - {"content_hash"}


def main(arguments: list[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(description="Read WARC files into the store.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="oldest first")
    options = parser.parse_args(arguments)
    workspace = Workspace.of_environment()
    workspace.create()
    try:
        with run_lock(workspace.lock), Store(workspace.store) as store:
            counts = backfill(options.files, store)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}", ExitCode.IO)
    except LockHeldError as error:
        return _fail(str(error), ExitCode.LOCK_HELD)
    sys.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()) + "\n")
    return ExitCode.DEGRADED if counts["broken files"] else ExitCode.OK


def _fail(message: str, code: ExitCode) -> ExitCode:
    sys.stderr.write(f"Error: {message}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

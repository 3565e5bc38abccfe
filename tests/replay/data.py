"""Reads the data folder (see its README.md): any folder of the same layout will do."""

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb

from crawler.demo.shapes import Comment, Job, Story

DEFAULT_DATA = Path(__file__).parents[2].parent / "shared" / "data"
LEAST_OBSERVED_SHARE = 1 / 3  # of the nights, for a board to be replayed


class DataFolderError(Exception):
    """The folder isn't laid out like the data folder; the message names what is missing."""


def data_file(folder: Path, name: str) -> Path:
    file = folder / name
    if not file.exists():
        raise DataFolderError(f"{folder} has no {name}; name the data folder with --data")
    return file


@dataclass(frozen=True)
class GreenhouseDaily:
    """`greenhouse_daily`: what each board listed, and on which days it was read."""

    folder: Path

    @property
    def postings(self) -> str:
        return str(data_file(self.folder, "greenhouse_daily/postings.parquet"))

    @property
    def board_days(self) -> str:
        return str(data_file(self.folder, "greenhouse_daily/board_days.parquet"))

    def nights(self, count: int) -> list[date]:
        """Return the newest `count` consecutive dates."""
        row = duckdb.execute("select max(day) from read_parquet(?)", [self.board_days]).fetchone()
        last = date.fromisoformat(row[0] if row else "")
        return [last - timedelta(days=back) for back in reversed(range(count))]

    def boards(self, count: int, nights: Sequence[date]) -> dict[str, str]:
        """
        Return board -> employer of `count` boards, blind to what they list.

        Of those that were read on enough of the nights, the first in the order of a hash of the
        name: no choice of ours, and the same every time.
        """
        rows = duckdb.execute(
            "select board, any_value(company_name) from read_parquet(?) "
            "semi join (select board from read_parquet(?) where day between ? and ? "
            "group by board having count(distinct day) >= ?) as observed using (board) group by board",
            [
                self.postings,
                self.board_days,
                nights[0].isoformat(),
                nights[-1].isoformat(),
                len(nights) * LEAST_OBSERVED_SHARE,
            ],
        ).fetchall()
        rows.sort(key=lambda row: hashlib.blake2b(row[0].encode(), digest_size=8).digest())
        return dict(sorted(rows[:count]))

    def listings(self, boards: Sequence[str], nights: Sequence[date]) -> "Listings":
        span = [nights[0].isoformat(), nights[-1].isoformat()]
        days = duckdb.execute(
            "select board, day from read_parquet(?) where day between ? and ?",
            [self.board_days, *span],
        ).fetchall()
        result = duckdb.execute(
            "select board, first_seen[1:10] as first, last_seen[1:10] as last, "
            "cast(job_id as varchar) as job_id, title, coalesce(content_html, '') as description_html, "
            "location as place, first_published as published_at, updated_at, absolute_url as url, "
            "company_name as employer, language, requisition_id, internal_job_id is null as is_prospect "
            "from read_parquet(?) "
            "where board in (select unnest(?)) and first_seen[1:10] <= ? and last_seen[1:10] >= ? "
            "order by board, job_id",
            [self.postings, list(boards), span[1], span[0]],
        )
        names = [column[0] for column in result.description or ()]
        listings = Listings(frozenset((board, date.fromisoformat(day)) for board, day in days))
        for board, first, last, *fields in result.fetchall():
            job = Job(**dict(zip(names[3:], fields, strict=True)))
            shown = Shown(date.fromisoformat(first), date.fromisoformat(last), job)
            listings.postings[board].append(shown)
        return listings


@dataclass(frozen=True, slots=True)
class Shown:
    first: date
    last: date
    job: Job


@dataclass(frozen=True)
class Listings:
    observed: frozenset[tuple[str, date]]
    postings: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))

    def on(self, board: str, day: date) -> list[Job] | None:
        """Return what the board listed on the day, None if it wasn't read then."""
        if (board, day) not in self.observed:
            return None
        return [one.job for one in self.postings.get(board, ()) if one.first <= day <= one.last]


@dataclass(frozen=True)
class HackerNews:
    """`hn_who_is_hiring`: the posts of every month, as threads."""

    folder: Path

    @property
    def posts(self) -> str:
        return str(data_file(self.folder, "hn_who_is_hiring/posts.parquet"))

    @cached_property
    def stories(self) -> Mapping[str, Story]:
        """Month -> its thread, whose id precedes that of its first post."""
        rows = duckdb.execute(
            "select month, min(id) - 1, count(*) from read_parquet(?) group by month order by month",
            [self.posts],
        ).fetchall()
        return {
            month: Story(
                story_id=story_id,
                title=f"Ask HN: Who is hiring? ({datetime.fromisoformat(f'{month}-01'):%B %Y})",
                created_at=datetime.fromisoformat(f"{month}-01T13:00:00+00:00"),
                comments=count,
            )
            for month, story_id, count in rows
        }

    @cached_property
    def comments(self) -> Mapping[str, list[Comment]]:
        rows = duckdb.execute(
            "select month, id, ts, text from read_parquet(?) order by month, id", [self.posts]
        )
        comments: dict[str, list[Comment]] = defaultdict(list)
        while batch := rows.fetchmany(5_000):
            for month, post_id, at, text in batch:
                comment = Comment(post_id, paragraphs(text), at.replace(tzinfo=UTC))
                comments[month].append(comment)
        return comments


def paragraphs(text: str) -> str:
    """Return plain text in the HTML of Hacker News: each line a paragraph, the first one bare."""
    lines = [line for line in text.split("\n") if line.strip()]
    return "<p>".join(escape(line, quote=False) for line in lines)


@dataclass(frozen=True, slots=True)
class Recording:
    file: Path
    status: int
    content_type: str
    recorded: date

    def body(self) -> bytes:
        raw = self.file.read_bytes()
        return gzip.decompress(raw) if self.file.suffix == ".gz" else raw


@dataclass(frozen=True)
class Recordings:
    """`responses`: recorded bodies by address, as INDEX.tsv gives it."""

    folder: Path

    @cached_property
    def by_path(self) -> Mapping[tuple[str, str | None], list[Recording]]:
        """(host and path, `page` of the query) -> recordings, oldest first."""
        found: dict[tuple[str, str | None], list[Recording]] = defaultdict(list)
        with data_file(self.folder, "responses/INDEX.tsv").open(encoding="utf-8") as index:
            for row in csv.DictReader(index, delimiter="\t"):
                parts = urlsplit(row["url"])
                file = self.folder / row["path"]
                if parts.scheme and file.exists():
                    page = parse_qs(parts.query).get("page", [None])[0]
                    found[parts.netloc + parts.path, page].append(_recording(row, file))
        for recordings in found.values():
            recordings.sort(key=lambda recording: recording.recorded)
        return found

    def at(self, path: str, page: str | None, day: date) -> Recording | None:
        """
        Return the newest recording of an address by the day, the oldest if there is none.

        The path may lack the host: stand-ins of sources that live on one host are asked so.
        """
        for (address, recorded_page), recordings in self.by_path.items():
            is_address = address == path or address.partition("/")[2] == path
            if is_address and recorded_page in {page, None}:
                return ([one for one in recordings if one.recorded <= day] or recordings[:1])[-1]
        return None


def _recording(row: Mapping[str, str], file: Path) -> Recording:
    content_type = row["content_type"] or "application/octet-stream"
    return Recording(file, int(row["status"]), content_type, _day(row["recorded"]))


def _day(stamp: str) -> date:
    """Return the day of 2026-08-22T13:01:15, 2026-07, 2026 or an HTTP date."""
    if "," in stamp:
        return parsedate_to_datetime(stamp).date()
    year, month, day = ([*stamp[:10].split("-"), "1", "1"])[:3]
    return date(int(year), int(month), int(day))

"""
Fetched bodies, scrubbed, kept as gzipped WARC for replaying a parser fix (method 4).

One file a night, one gzip member a record (ISO 28500), appended a board at a time: a killed run
leaves at most one torn member at the end, which the next run and a replay cut off.
"""

import io
import logging
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.store import BoardKey

SUFFIX = ".warc.gz"
CHUNK = 1024**2  # bytes
GZIP_LEVEL = 1  # of 0 to 3; 9 % more bytes than zlib's 3, for a seventh of the time
GZIP_WINDOW = isal_zlib.MAX_WBITS | 16  # with the header of a gzip member

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Body:
    """
    A body as it was parsed: UTF-8, scrubbed. Of a list that is posted for, `url` ends in `#` and
    what was posted. A posting's page that was gone is kept as its status, without a body.
    """

    url: str  # as asked for
    body: bytes
    content_type: str | None = None
    status: int = 200
    page_url: str | None = None  # after redirects


class BodyWriter:
    """Appends the bodies of a board's reading to the night's file."""

    def __init__(self, folder: Path, crawl_date: date) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = file_of(folder, crawl_date)
        _cut_torn_end(path)
        self._file = path.open("ab")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, key: BoardKey, bodies: list[Body]) -> None:
        """Write a board's reading in one go; one that comes later replaces it for readers."""
        if not bodies:
            return
        members = []
        reading = uuid.uuid4().hex
        for body in bodies:
            headers = [("Content-Type", body.content_type or "text/plain")]
            if body.page_url:
                headers.append(("Content-Location", body.page_url))
            http = StatusAndHeaders(
                f"{body.status} {HTTPStatus(body.status).phrase}", headers, "HTTP/1.1"
            )
            record = io.BytesIO()
            writer = WARCWriter(record, gzip=False)
            writer.write_record(
                writer.create_warc_record(
                    body.url,
                    "response",
                    payload=io.BytesIO(body.body),
                    length=len(body.body),  # without it warcio spools to a file that it leaves open
                    http_headers=http,
                    warc_headers_dict={
                        "WARC-Source": key[0],
                        "WARC-Board": key[1].encode("unicode_escape").decode(),
                        "WARC-Reading": reading,
                    },
                )
            )
            members.append(isal_zlib.compress(record.getvalue(), GZIP_LEVEL, GZIP_WINDOW))
        self._file.write(b"".join(members))
        self._file.flush()


def file_of(folder: Path, crawl_date: date) -> Path:
    return folder / f"{crawl_date.isoformat()}{SUFFIX}"


def nights(folder: Path) -> list[date]:
    """The nights whose bodies are kept, oldest first."""
    names = (path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
    return sorted(date.fromisoformat(name) for name in names)


class NightBodies(Mapping[BoardKey, dict[str, Body]]):
    """
    The newest reading of each board on a night: its bodies by address.

    Read from the file when they are asked for: 90 nights of bodies are more than memory holds.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets: dict[BoardKey, list[int]] = {}
        newest: dict[BoardKey, str] = {}
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                key, reading = _key_of(record), record.rec_headers["WARC-Reading"]
                if newest.get(key) != reading:
                    newest[key], self._offsets[key] = reading, []
                self._offsets[key].append(records.get_record_offset())

    def __getitem__(self, key: BoardKey) -> dict[str, Body]:
        with self._path.open("rb") as file:
            found = [_body_at(file, offset) for offset in self._offsets[key]]
        return {body.url: body for body in found}

    def __iter__(self) -> Iterator[BoardKey]:
        return iter(self._offsets)

    def __len__(self) -> int:
        return len(self._offsets)


def read_night(folder: Path, crawl_date: date) -> Mapping[BoardKey, dict[str, Body]]:
    """The bodies kept of a night, by board; a torn record at the end is cut off."""
    path = file_of(folder, crawl_date)
    _cut_torn_end(path)
    return NightBodies(path) if path.exists() else {}


def _key_of(record: ArcWarcRecord) -> BoardKey:
    headers = record.rec_headers
    return headers["WARC-Source"], headers["WARC-Board"].encode().decode("unicode_escape")


def _body_at(file: BinaryIO, offset: int) -> Body:
    file.seek(offset)
    record = next(ArchiveIterator(file))
    return Body(
        record.rec_headers["WARC-Target-URI"],
        record.content_stream().read(),
        record.http_headers.get_header("Content-Type"),
        int(record.http_headers.get_statuscode()),
        record.http_headers.get_header("Content-Location"),
    )


def _cut_torn_end(path: Path) -> None:
    """Cut the file after its last whole record, so that all of it can be read and appended to."""
    if not path.exists():
        return
    end = _end_of_members(path)
    if end < path.stat().st_size:
        log.warning("%s: cut off a torn record, left behind by a killed run", path)
        with path.open("r+b") as file:
            file.truncate(end)


def _end_of_members(path: Path) -> int:
    """The offset after the last whole gzip member."""
    end, offset, member = 0, 0, zlib.decompressobj(zlib.MAX_WBITS | 16)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            offset += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return end
                if not member.eof:
                    break
                chunk = member.unused_data
                end = offset - len(chunk)
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return end


def prune(folder: Path, today: date, keep_days: int) -> list[date]:
    """Delete the bodies older than `keep_days`; return the nights they were of, as proof."""
    old = [night for night in nights(folder) if night < today - timedelta(days=keep_days)]
    for night in old:
        file_of(folder, night).unlink()
    return old

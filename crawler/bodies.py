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
from pathlib import Path
from types import TracebackType
from typing import Self

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.store import BoardKey

SUFFIX = ".warc.gz"
CHUNK = 1024**2  # bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Body:
    """
    A body as it was parsed: UTF-8, scrubbed. Of a list that is posted for, `url` ends in `#` and
    what was posted.
    """

    url: str
    body: bytes
    content_type: str | None = None


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
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True)
        reading = uuid.uuid4().hex
        for body in bodies:
            http = StatusAndHeaders(
                "200 OK", [("Content-Type", body.content_type or "text/plain")], "HTTP/1.1"
            )
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
        self._file.write(buffer.getvalue())
        self._file.flush()


def file_of(folder: Path, crawl_date: date) -> Path:
    return folder / f"{crawl_date.isoformat()}{SUFFIX}"


def nights(folder: Path) -> list[date]:
    """The nights whose bodies are kept, oldest first."""
    names = (path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
    return sorted(date.fromisoformat(name) for name in names)


def read_night(folder: Path, crawl_date: date) -> Mapping[BoardKey, dict[str, Body]]:
    """The newest reading of each board on that night: its bodies by address."""
    readings: dict[BoardKey, tuple[str, dict[str, Body]]] = {}
    path = file_of(folder, crawl_date)
    _cut_torn_end(path)
    if not path.exists():
        return {}
    for key, reading, body in _records(path):
        if key not in readings or readings[key][0] != reading:
            readings[key] = (reading, {})
        readings[key][1][body.url] = body
    return {key: bodies for key, (_, bodies) in readings.items()}


def _records(path: Path) -> Iterator[tuple[BoardKey, str, Body]]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            headers, http = record.rec_headers, record.http_headers
            board = headers["WARC-Board"].encode().decode("unicode_escape")
            yield (
                (headers["WARC-Source"], board),
                headers["WARC-Reading"],
                Body(
                    headers["WARC-Target-URI"],
                    record.content_stream().read(),
                    http.get_header("Content-Type"),
                ),
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

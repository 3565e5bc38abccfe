"""A loopback HTTP server around a pure function from a request to an answer."""

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK = "127.0.0.1"
MAX_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A GET: the decoded path, its query, and the address that the client believes it talks to."""

    path: str
    query: Mapping[str, str]
    base_url: str  # http://127.0.0.1:port


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    last_modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Callable[[Request], Response]

ROBOTS = Response(200, b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")
NOT_FOUND = Response(404, b'{"status": 404, "error": "Not found"}')


class LoopbackServer:
    """
    Serves `respond` from a thread, on a free port of the loopback address.

    Every 200 carries an ETag of its body; a conditional request for an unchanged body gets 304.
    /robots.txt allows everything, unless `respond` has its own. `statuses` counts the answers by
    status, `paths` by path.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="loopback-server", daemon=True)
        self._ready = threading.Event()
        self._stopped = asyncio.Event()
        self.port = 0
        self.statuses: Counter[int] = Counter()
        self.paths: Counter[str] = Counter()

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task:
                connections.add(task)
            try:
                await self._talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass  # the client has gone, or the server stops: nothing is left to say
            finally:
                writer.close()
                connections.discard(task) if task else None

        server = await asyncio.start_server(connected, LOOPBACK, 0, limit=MAX_HEAD_BYTES)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *lines = head.split("\r\n")
            _method, target, _version = line.split(" ", 2)
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (one.partition(":") for one in lines)
            }
            writer.write(self._answer(target, headers))
            await writer.drain()
            if headers.get("connection", "").lower() == "close":
                return

    def _answer(self, target: str, headers: Mapping[str, str]) -> bytes:
        parts = urlsplit(target)
        request = Request(unquote(parts.path), dict(parse_qsl(parts.query)), self.base_url)
        response = self._respond(request)
        if request.path == "/robots.txt" and response.status == HTTPStatus.NOT_FOUND:
            response = ROBOTS
        status, lines = response.status, dict(response.headers)
        if status == HTTPStatus.OK:
            lines["ETag"] = f'W/"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
            if response.last_modified:
                lines["Last-Modified"] = format_datetime(response.last_modified, usegmt=True)
            if _is_unchanged(headers, lines):
                status = HTTPStatus.NOT_MODIFIED
        self.statuses[int(status)] += 1
        self.paths[request.path] += 1
        return _serialised(status, response, lines)


def _is_unchanged(asked: Mapping[str, str], now: Mapping[str, str]) -> bool:
    if "if-none-match" in asked:
        return now["ETag"] in [tag.strip() for tag in asked["if-none-match"].split(",")]
    since = asked.get("if-modified-since")
    return since is not None and since == now.get("Last-Modified")


def _serialised(status: int, response: Response, lines: Mapping[str, str]) -> bytes:
    phrase = HTTPStatus(status).phrase
    is_empty = status == HTTPStatus.NOT_MODIFIED
    head = [f"HTTP/1.1 {int(status)} {phrase}", *(f"{name}: {lines[name]}" for name in lines)]
    if not is_empty:
        head += [
            f"Content-Type: {response.content_type}",
            f"Content-Length: {len(response.body)}",
        ]
    body = b"" if is_empty else response.body
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body

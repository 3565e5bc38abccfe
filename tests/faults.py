"""A loopback server that misbehaves as told, boards to ask it for, and a night over them. All invented."""

import datetime as dt
import json
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Self

from crawler.boards import Board
from crawler.demo.server import LOOPBACK
from crawler.reservations import TDMREP_PATH
from crawler.run import CrawlReport, crawl
from warehouse.store import Snapshot, Store
from warehouse.workspace import Workspace

NIGHT = dt.date(2026, 3, 16)


@dataclass(frozen=True)
class Reply:
    """
    An answer, or what goes wrong with it. `sent` is how many bytes of the body leave before the
    connection ends; "endless" repeats the body in chunks for as long as somebody reads, "drip" sends
    one byte of it at a time.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"
    sent: int | None = None
    end: Literal["keep", "close", "reset", "silent", "endless", "drip"] = "keep"


@dataclass(frozen=True)
class Asked:
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


Answer = Reply | Sequence[Reply] | Callable[[Asked], Reply]
NOT_FOUND = Reply(404, b'{"error": "not found"}')


class FaultServer:
    """
    Answers by path, on a free port; of a list of replies the last one repeats.

    `paths` counts requests, `asked` holds them; robots.txt is absent unless given.
    """

    def __init__(self, answers: dict[str, Answer], certificate: Path | None = None) -> None:
        self.answers = answers
        self.paths: Counter[str] = Counter()
        self.asked: list[Asked] = []
        self.sent_bytes = 0
        self.closing = threading.Event()
        fault_server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # it holds each body back for 40 ms

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, ssl.SSLError):
                    self.close_connection = True  # the client has gone: what some tests are about

            def do_GET(self) -> None:
                fault_server._answer(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Tests read `asked`."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A handshake that the client refuses is what some tests are about."""

        self._server = Server((LOOPBACK, 0), Handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{LOOPBACK}:{self.port}"

    @property
    def boards_asked(self) -> int:
        """Requests, those for a host's own rules left out."""
        return self.paths.total() - self.paths["/robots.txt"] - self.paths[TDMREP_PATH]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _reply(self, asked: Asked) -> Reply:
        answer = self.answers.get(asked.path, NOT_FOUND)
        if isinstance(answer, Reply):
            return answer
        if callable(answer):
            return answer(asked)
        return answer[min(self.paths[asked.path], len(answer)) - 1]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        path, _, query = handler.path.partition("?")
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(path, query, dict(handler.headers), handler.rfile.read(length))
        self.paths[path] += 1
        self.asked.append(asked)
        reply = self._reply(asked)
        if reply.end == "silent":
            self.closing.wait()
            handler.close_connection = True
            return
        head = [f"HTTP/1.1 {reply.status} Told", f"Content-Type: {reply.content_type}"]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        is_endless = reply.end == "endless"
        if "Content-Length" not in reply.headers:
            head.append(
                "Transfer-Encoding: chunked" if is_endless else f"Content-Length: {len(reply.body)}"
            )
        handler.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1"))
        if is_endless:
            self._repeat(handler, reply.body)
        elif reply.end == "drip":
            for byte in reply.body:
                handler.wfile.write(bytes([byte]))
                if self.closing.wait(0.02):
                    break
        else:
            handler.wfile.write(reply.body[: reply.sent])
        if reply.end == "reset":
            self.closing.wait(
                0.05
            )  # a reset right behind the data can be dropped, and the client waits
            handler.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        handler.close_connection = handler.close_connection or reply.end != "keep"

    def _repeat(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n"
        while not self.closing.is_set():
            handler.wfile.write(chunk)
            self.sent_bytes += len(body)


# ── boards ───────────────────────────────────────────────────────────────────────────────────────


def row(source: str, board: str, **more: Any) -> Board:
    if source == "jsonld":
        more.setdefault("url", f"https://{board}.example/sitemap.xml")
    return Board(
        source=source,
        board=board,
        employer=f"{board} (invented)",
        discovery_reason="list",
        added_date=dt.date(2026, 1, 1),
        **more,
    )


def greenhouse(ids: Sequence[object], *, total: int | None = None, text: str = "<p>x</p>") -> Reply:
    """A board that declares how many postings it has."""
    jobs = [{"id": one, "title": f"Engineer {one}", "content": text} for one in ids]
    meta = {"total": len(jobs) if total is None else total}
    return Reply(body=json.dumps({"jobs": jobs, "meta": meta}).encode())


def lever(ids: Sequence[object]) -> Reply:
    """A board that declares nothing."""
    jobs = [{"id": str(one), "text": f"Engineer {one}", "description": "x"} for one in ids]
    return Reply(body=json.dumps(jobs).encode())


def sitemap(board: str, pages: Mapping[str, str]) -> Reply:
    entries = "".join(
        f"<url><loc>https://{board}.example/jobs/{name}</loc><lastmod>{day}</lastmod></url>"
        for name, day in pages.items()
    )
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Reply(body=body.encode(), content_type="application/xml")


def job_page(title: str, text: str = "invented") -> Reply:
    ad = {"@type": "JobPosting", "title": title, "description": text, "datePosted": "2026-03-01"}
    body = f'<html><script type="application/ld+json">{json.dumps(ad)}</script></html>'
    return Reply(body=body.encode(), content_type="text/html; charset=utf-8")


def gh_path(board: str) -> str:
    return f"/v1/boards/{board}/jobs"


# ── nights ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class World:
    """A workspace, and nights over it: `run` one, then ask what the store has."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def run(
        self, boards: Sequence[Board], base_urls: Mapping[str, str], night: int = 0, **options: Any
    ) -> CrawlReport:
        day = NIGHT + dt.timedelta(days=night)
        return crawl(self.workspace, day, boards, base_urls=base_urls, **options)

    def snapshots(self, night: int = 0) -> dict[str, Snapshot]:
        with Store(self.workspace.store, read_only=True) as store:
            found = store.snapshots_of(NIGHT + dt.timedelta(days=night))
        return {f"{one.source}/{one.board}": one for one in found}

    def listed(self, source: str, board: str) -> set[str]:
        with Store(self.workspace.store, read_only=True) as store:
            return set(store.listed(source, board))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with Store(self.workspace.store, read_only=True) as store:
            return store.connection.execute(sql).fetchall()

"""
Reservations of text and data mining, honoured by default (method 4): such a board is skipped.

Read are the three forms of the TDM Reservation Protocol, `tdm-reservation: 1` as a header, as a
meta tag and in /.well-known/tdmrep.json, and `noai` as X-Robots-Tag or meta tag. Any one of them
reserves; where none speaks, nothing is reserved. LICENSED_SOURCES names the sources that gave leave.
Who has opted out (optout.py) isn't asked in the first place.
"""

import asyncio
import re
from urllib.parse import urlsplit, urlunsplit

import orjson
from scrapy import Request
from scrapy.http import Response

from crawler import settings
from crawler.errors import FetchError, SourceError
from crawler.night import Reservations
from crawler.politeness import NightMiddleware, header

TDMREP_PATH = "/.well-known/tdmrep.json"
HEAD_BYTES = 64 * 1024  # of a page, where its meta tags are
_META = re.compile(rb"<meta\b[^>]{0,500}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(name|content)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)


class ReservationMiddleware(NightMiddleware):
    """Refuses, with a FetchError("reserved"), what its host keeps for itself."""

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots") or request.meta.get("is_tdmrep") or self._is_licensed:
            return
        parts = urlsplit(request.url)
        tasks = self.night.reservations
        if parts.netloc not in tasks:
            tasks[parts.netloc] = asyncio.ensure_future(self._read(request))
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        if is_reserved(path, await asyncio.shield(tasks[parts.netloc])):
            raise FetchError("reserved", f"{request.url}: reserved by {TDMREP_PATH}")

    def process_response(self, request: Request, response: Response) -> Response:
        is_ours = request.meta.get("is_robots") or request.meta.get("is_tdmrep")
        if not (is_ours or self._is_licensed) and (reason := reservation_of(response)):
            raise FetchError("reserved", f"{request.url}: reserved by {reason}")
        return response

    @property
    def _is_licensed(self) -> bool:
        spider = self.crawler.spider
        return spider is not None and spider.name in settings.LICENSED_SOURCES

    async def _read(self, request: Request) -> Reservations:
        """The host's tdmrep.json; one that isn't there or can't be read reserves nothing."""
        parts = urlsplit(request.url)
        address = urlunsplit((parts.scheme, parts.netloc, TDMREP_PATH, "", ""))
        meta = {"is_tdmrep": True, "budget": self.night.budget(), "attempt": settings.RETRIES}
        assert self.crawler.engine is not None  # noqa: S101 - there is one while it downloads
        try:
            response = await self.crawler.engine.download_async(
                Request(
                    address, headers={"Accept": "application/json"}, meta=meta, dont_filter=True
                )
            )
        except SourceError:
            return ()
        return parse_tdmrep(response.body) if response.status == 200 else ()  # noqa: PLR2004


class OptOutMiddleware(NightMiddleware):
    """Sends nothing to whom the list names, by redirects or for robots.txt neither."""

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        key, employer = request.meta.get("board", (("", ""), None))  # a host's own files have none
        if found := self.night.opt_outs.find(host, key, employer):
            raise FetchError("opted_out", f"{found.kind} {found.name} asked not to be read")


def parse_tdmrep(body: bytes) -> Reservations:
    """The (location pattern, is reserved) pairs; none of what isn't such a file, as a page at 200."""
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    return tuple(
        (row["location"], row.get("tdm-reservation") in {1, "1"})
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and isinstance(row.get("location"), str)
    )


def is_reserved(path: str, reservations: Reservations) -> bool:
    """Whether the longest pattern that matches reserves the path; patterns as in RFC 9309 2.2.3."""
    matches = [(len(where), what) for where, what in reservations if _matches(where, path)]
    return max(matches, default=(0, False))[1]


def _matches(pattern: str, path: str) -> bool:
    anchor = r"\Z" if pattern.endswith("$") else ""
    parts = pattern.removesuffix("$").split("*")
    return re.match(".*?".join(map(re.escape, parts)) + anchor, path, re.DOTALL) is not None


def reservation_of(response: Response) -> str | None:
    """What of an answer reserves it, or None."""
    if (header(response, "tdm-reservation") or "").strip() == "1":
        return "the header tdm-reservation"
    values = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
    if any(_says_noai(value) for value in values):
        return "the header X-Robots-Tag: noai"
    if not response.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    for tag in _META.findall(response.body[:HEAD_BYTES]):
        attributes = {name.lower(): value.strip(b"\"' ") for name, value in _ATTRIBUTE.findall(tag)}
        name = attributes.get(b"name", b"").lower().decode("latin-1")
        content = attributes.get(b"content", b"").decode("latin-1")
        if name == "tdm-reservation" and content == "1":
            return "its meta tag tdm-reservation"
        if name in {"robots", settings.BOT_NAME} and _says_noai(content):
            return "its meta tag noai"
    return None


def _says_noai(value: str) -> bool:
    """Whether a list of directives says so to all robots, or to ours ("vpoe: noai")."""
    agent, colon, directives = value.rpartition(":")
    if colon and agent.strip().lower() != settings.BOT_NAME:
        return False
    return "noai" in {one.strip().lower() for one in directives.split(",")}

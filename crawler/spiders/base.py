"""
What a source states, and how its boards are read.

A source is a subclass of class attributes beside pure parse functions. The functions get a whole
body, decoded to UTF-8 and scrubbed of contacts, and raise ListingFormatError if it isn't what the
source documents, WallError for a challenge or login page at 200.
"""

import hashlib
import inspect
from functools import cache
from typing import ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from scrapy import Spider

from crawler import job_posting, jsonld_blocks, parsing
from crawler.boards import Board
from crawler.items import Index, Listing, Posting, PostingRef
from warehouse.store import BoardKind

WHOLE_URL = "{url}"  # the listing_url of a source whose boards bring their own address


class BoardSpider(Spider):
    """
    A publishing system with one access method. Subclasses set attributes and nothing else.

    A source whose registry row stands for several units (a forum with monthly threads) also sets
    `index_url` and `parse_index`: each unit of the index is read by `parse_listing`, at its own
    address, as a board of its own in the store.
    """

    name: str
    kind: ClassVar[BoardKind] = "stock"
    closes_after: ClassVar[int] = 1  # consecutive `ok` nights without a posting that close it
    listing_url: ClassVar[str] = WHOLE_URL  # {board} and {url} are those of the registry row
    page_delay: ClassVar[float] = 1.0  # seconds between two requests to a host, at least
    accept: ClassVar[str] = "application/json"  # the Accept header of every request

    parse_listing: ClassVar["staticmethod[[bytes], Listing]"]
    # None says that the page carries the source's closed marker.
    parse_detail: ClassVar["staticmethod[[bytes, PostingRef], Posting | None] | None"] = None

    index_url: ClassVar[str | None] = None  # may hold {board}, {url}
    parse_index: ClassVar["staticmethod[[bytes], Index] | None"] = None
    nightly_units: ClassVar[int] = 2  # a night reads this many of the newest units of the index

    @classmethod
    @cache
    def parser_version(cls) -> str:
        """Hash of the code that the parse functions consist of: if it changes, bodies are read again."""
        parsers = (cls.parse_listing, cls.parse_detail, cls.parse_index)
        own = {inspect.getmodule(member) for member in (cls, *filter(None, parsers))}
        shared = (parsing, job_posting, jsonld_blocks)
        sources = sorted(inspect.getsource(module) for module in (*filter(None, own), *shared))
        return hashlib.blake2b("".join(sources).encode(), digest_size=6).hexdigest()

    @classmethod
    def board_url(cls, template: str, board: Board) -> str:
        return template.format(board=quote(board.board, safe=""), url=board.url or "")


def rebase(url: str, base_url: str | None, *, keep_host: bool) -> str:
    """
    The address that serves `url` if a stand-in at `base_url` serves this source, else `url`.

    Tests, demo and replay serve the shapes of the real systems on loopback. Where a source spans
    many hosts (`keep_host`) the host becomes the first segment of the path.
    """
    if base_url is None or url.startswith(base_url):
        return url
    parts, base = urlsplit(url), urlsplit(base_url)
    host = f"/{parts.netloc}" if keep_host else ""
    path = f"{base.path.rstrip('/')}{host}{parts.path}"
    return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))

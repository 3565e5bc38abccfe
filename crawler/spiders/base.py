"""
What a source states, and how its boards are read.

A source is a subclass of class attributes beside pure parse functions. The functions get a whole
body, decoded to UTF-8 and scrubbed of contacts, and raise ListingFormatError if it isn't what the
source documents, WallError for a challenge or login page at 200.
"""

import hashlib
import inspect
from collections.abc import AsyncIterator, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from scrapy import Spider

from crawler import job_posting, jsonld_blocks, parsing, settings
from crawler.boards import Board
from crawler.errors import ConfigurationError
from crawler.items import Index, Listing, Posting, PostingRef
from crawler.parsing import counted_keys
from warehouse.store import BoardKind

if TYPE_CHECKING:
    from crawler.night import Night

WHOLE_URL = "{url}"  # the listing_url of a source whose boards bring their own address


class BoardSpider(Spider):
    """
    A publishing system with one access method. Subclasses set attributes and nothing else.

    A source whose registry row stands for several units (a forum with monthly threads) also sets
    `index_url` and `parse_index`: each unit of the index is read by `parse_listing`, at its own
    address, as a board of its own in the store.

    A source that says no, or whose terms stand against it, sets `off_reason`: its boards are
    skipped with that reason, unless settings.ENABLED_SOURCES names it.
    """

    name: str
    kind: ClassVar[BoardKind] = "stock"
    off_reason: ClassVar[str | None] = None
    off_from: ClassVar[date] = date.min  # the first night on which `off_reason` holds
    closes_after: ClassVar[int] = 1  # consecutive `ok` nights without a posting that close it
    # {board} and {url} are those of the registry row, {part0} the board up to its first "/"
    listing_url: ClassVar[str] = WHOLE_URL
    posts: ClassVar[str | None] = None  # JSON: list pages are asked for by POST (see `request_of`)
    page_delay: ClassVar[float] = 1.0  # seconds between two requests to a host, at least
    accept: ClassVar[str] = "application/json"  # the Accept header of every request

    parse_listing: ClassVar["staticmethod[[bytes], Listing]"]
    # What follows a page, where it follows from the page's own address: see `parse_page`.
    page_after: ClassVar["staticmethod[[Listing, str], Listing] | None"] = None
    # None says that the page carries the source's closed marker.
    parse_detail: ClassVar["staticmethod[[bytes, PostingRef], Posting | None] | None"] = None

    index_url: ClassVar[str | None] = None  # may hold {board}, {url}
    parse_index: ClassVar["staticmethod[[bytes], Index] | None"] = None
    nightly_units: ClassVar[int] = 2  # a night reads this many of the newest units of the index

    rows: Sequence[Board]  # of the registry, that tonight reads
    night: "Night"

    async def start(self) -> AsyncIterator[Any]:
        """Yield what was read of each board, for the item pipelines."""
        from crawler.requests import read_boards  # noqa: PLC0415 - it reads by these attributes

        async for item in read_boards(self):
            yield item

    @classmethod
    @cache
    def parser_version(cls) -> str:
        """Hash of the code that the parse functions consist of: if it changes, bodies are read again."""
        parsers = (cls.parse_listing, cls.page_after, cls.parse_detail, cls.parse_index)
        own = {inspect.getmodule(member) for member in (cls, *filter(None, parsers))}
        used = {  # a source may take functions from another one
            inspect.getmodule(member)
            for module in own
            for member in vars(module).values()
            if inspect.isfunction(member) and member.__module__.startswith("crawler.")
        }
        shared = {parsing, job_posting, jsonld_blocks}
        sources = sorted(inspect.getsource(module) for module in own | used | shared if module)
        return hashlib.blake2b("".join(sources).encode(), digest_size=6).hexdigest()

    @classmethod
    def off_on(cls, crawl_date: date) -> str | None:
        """Why the source isn't read on that night, or None."""
        is_on = cls.name in settings.ENABLED_SOURCES or crawl_date < cls.off_from
        return None if is_on else cls.off_reason

    @classmethod
    def board_url(cls, template: str, board: Board) -> str:
        """Raises ConfigurationError if the board's name hasn't the parts that the address needs."""
        parts = {f"part{n}": quote(part, safe="") for n, part in enumerate(board.board.split("/"))}
        try:
            return template.format(board=quote(board.board, safe=""), url=board.url or "", **parts)
        except KeyError as error:
            raise ConfigurationError(
                f"{board.source}/{board.board}: the address is {template}; write the board with its"
                " parts, split by '/'"
            ) from error

    @classmethod
    def request_of(cls, address: str) -> tuple[str, str | None]:
        """
        The address to ask for a list page, and the JSON body to post there; None for a GET.

        Of a source that posts, the body is the address's fragment, which is never sent, or `posts`:
        so pages that differ by their body alone have addresses of their own.
        """
        if cls.posts is None:
            return address, None
        url, _, fragment = address.partition("#")
        return url, fragment or cls.posts

    @classmethod
    def parse_page(cls, body: bytes, address: str) -> Listing:
        """Parse the list page at `address`, with the addresses of what follows it."""
        with counted_keys() as row_keys:
            listing = cls.parse_listing(body).model_copy(update={"row_keys": dict(row_keys)})
        return listing if cls.page_after is None else cls.page_after(listing, address)


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
    return urlunsplit((base.scheme, base.netloc, path, parts.query, parts.fragment))

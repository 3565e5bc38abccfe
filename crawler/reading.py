"""
A board's night: its list pages, what follows them, and the pages of postings that it has to read.

Independent of how bodies come: a crawl fetches them, a replay takes the kept ones.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from crawler import settings
from crawler.bodies import Body
from crawler.errors import FetchError, ListingFormatError, SourceError
from crawler.items import InvalidPosting, Listing, Posting, PostingRef
from crawler.spiders.base import BoardSpider
from warehouse.store import Observation, Validator

CLOSED = {404, 410}  # statuses of a posting's own page


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch; with a validator only if it has changed."""

    url: str
    post: str | None = None  # JSON
    validator: Validator | None = None

    @property
    def key(self) -> str:
        """The address, told apart by what is posted there."""
        return self.url if self.post is None else f"{self.url}#{self.post}"


@dataclass(frozen=True, slots=True)
class Page:
    """A body: UTF-8, scrubbed. None if it has not changed."""

    url: str  # after redirects
    body: bytes | None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    answered_at: datetime | None = None


Fetch = Callable[[Ask], Awaitable[Page]]


@dataclass
class Reading:
    """
    What came of it. `failure` says that nothing could be read, `gaps` what is missing of the rest.
    `kept` are postings whose text the list says is unchanged.
    """

    postings: dict[str, Posting] = field(default_factory=dict)
    kept: dict[str, Observation] = field(default_factory=dict)
    invalid: list[InvalidPosting] = field(default_factory=list)
    declared_total: int | None = None
    pages: int = 0
    closed: int = 0  # postings whose page says so
    gaps: list[str] = field(default_factory=list)
    failure: SourceError | None = None
    is_not_modified: bool = False
    body_hash: str | None = None
    answered_at: datetime | None = None  # the first list page's own Date
    row_keys: Counter[str] = field(default_factory=Counter)
    validators: list[Validator] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)


class BoardReader:
    """Reads one board once. `known` is what it listed when it was last read."""

    def __init__(
        self,
        spider: type[BoardSpider],
        address: str,
        fetch: Fetch,
        *,
        known: Mapping[str, Observation],
        validators: Mapping[str, Validator],
    ) -> None:
        self.spider = spider
        self.address = address
        self.fetch = fetch
        self.known = known
        self.validators = validators
        self.reading = Reading()
        # Named by the list and not read yet, each with the address of its list page.
        self._refs: dict[str, tuple[PostingRef, str]] = {}

    async def read(self) -> Reading:
        """Read it all. What fails after the first page is a gap, not a failure."""
        try:
            await self._read_list()
            if not self.reading.is_not_modified:
                await self._read_details()
        except SourceError as error:
            self.give_up(error)
        return self.reading

    def give_up(self, error: SourceError) -> None:
        if not self.reading.pages:
            self.reading.failure = error
            return
        self.reading.gaps.append(f"{error.failure_class}: {error}")
        for posting_id in self._refs.keys() & self.known.keys():  # listed, if not read tonight
            self.reading.kept[posting_id] = self.known[posting_id]

    async def _read_list(self) -> None:
        waiting, seen = deque([self.address]), {self.address}
        while waiting:
            if self.reading.pages >= settings.BOARD_PAGES:
                self.reading.gaps.append(f"more than {settings.BOARD_PAGES} list pages")
                return
            is_first = self.reading.pages == 0
            address = waiting.popleft()
            page, listing = await self._list_page(address, is_first=is_first)
            if listing is None:
                return
            following = [urljoin(page.url, url) for url in listing.listing_urls]
            if listing.next_url and self._goes_on(page, listing, is_first=is_first):
                following.append(urljoin(page.url, listing.next_url))
            self._take(listing, page.url)
            waiting.extend(url for url in dict.fromkeys(following) if url not in seen)
            seen |= set(following)
        if self.reading.pages > 1:  # the first page can't speak for the others
            self.reading.validators = []

    async def _list_page(self, address: str, *, is_first: bool) -> tuple[Page, Listing | None]:
        """A list page, parsed; no listing if the board has not changed since it was read whole."""
        url, post = self.spider.request_of(address)
        known = self.validators.get(address) if is_first else None
        version = self.spider.parser_version()
        validator = known if known and known.parser_version == version else None
        ask = Ask(url, post, validator)
        page = await self.fetch(ask)
        if page.body is None and validator is None:
            page = await self.fetch(Ask(url, post))  # a 304 that nobody asked for
        if page.body is None and validator is None:
            raise FetchError("status", f"{url} answered 304 to an unconditional request", 304)
        body_hash = validator.body_hash if page.body is None and validator else _hash(page.body)
        self.reading.body_hash = self.reading.body_hash or body_hash
        if is_first:
            self.reading.answered_at = page.answered_at
            self.reading.validators = [
                Validator(address, body_hash, version, page.etag, page.last_modified)
            ]
        if validator and validator.body_hash == body_hash:
            self.reading.is_not_modified = True
            self.reading.pages = 1
            return page, None
        assert page.body is not None  # noqa: S101 - without a validator there is a body
        self._keep(ask.key, page)
        listing = self.spider.parse_page(page.body, address)
        self.reading.pages += 1
        return page, listing

    def _goes_on(self, page: Page, listing: Listing, *, is_first: bool) -> bool:
        """Whether to follow to the next page: not to another host, not in circles (fault 74)."""
        host = urlsplit(urljoin(page.url, listing.next_url or "")).netloc
        if host != urlsplit(page.url).netloc:
            self.reading.gaps.append(f"the next page is on another host, {host}")
            return False
        ids = {one.posting_id for one in listing.postings} | {
            one.posting_id for one in listing.refs
        }
        is_new = is_first or not ids or bool(ids - self.reading.postings.keys() - self._refs.keys())
        if not is_new:
            self.reading.gaps.append("a page repeats what came before it")
        return is_new

    def _take(self, listing: Listing, page_url: str) -> None:
        if listing.declared_total is not None and self.reading.declared_total is None:
            self.reading.declared_total = listing.declared_total
        for posting in listing.postings:
            self.reading.postings.setdefault(posting.posting_id, posting)
        for ref in listing.refs:
            self._refs.setdefault(ref.posting_id, (ref, page_url))
        self.reading.invalid.extend(listing.invalid)
        self.reading.row_keys.update(listing.row_keys)

    async def _read_details(self) -> None:
        for posting_id, (ref, page_url) in list(self._refs.items()):
            known = self.known.get(posting_id)
            if posting_id in self.reading.postings:
                pass  # a list page had its text
            elif known is not None and known.revision == ref.revision:
                self.reading.kept[posting_id] = known
            else:
                await self._read_detail(ref, urljoin(page_url, ref.url), known)
            del self._refs[posting_id]

    async def _read_detail(self, ref: PostingRef, url: str, known: Observation | None) -> None:
        """Read a posting's page; one that can't be read keeps what is known of it."""
        assert self.spider.parse_detail is not None  # noqa: S101 - only such sources give refs
        try:
            page = await self.fetch(Ask(url))
            self._keep(url, page)
            posting = self.spider.parse_detail(page.body or b"", ref)
        except FetchError as error:
            if error.status not in CLOSED:
                self._miss(ref, error, known)
                return
            self.reading.closed += 1
            self.reading.bodies.append(Body(url, b"", status=error.status))
        except ListingFormatError as error:
            self.reading.invalid.append(
                InvalidPosting(posting_id=ref.posting_id, reason=str(error))
            )
            if known is not None:
                self.reading.kept[ref.posting_id] = known
        else:
            if posting is None:
                self.reading.closed += 1
            else:
                self.reading.postings[ref.posting_id] = posting.model_copy(
                    update={"revision": ref.revision, "url": posting.url or url}
                )

    def _keep(self, key: str, page: Page) -> None:
        page_url = None if page.url == key.partition("#")[0] else page.url
        self.reading.bodies.append(
            Body(key, page.body or b"", page.content_type, page_url=page_url)
        )

    def _miss(self, ref: PostingRef, error: FetchError, known: Observation | None) -> None:
        self.reading.gaps.append(f"{error.failure_class}: {error}")
        if known is not None:
            self.reading.kept[ref.posting_id] = known


def _hash(body: bytes | None) -> str:
    return hashlib.blake2b(body or b"", digest_size=16).hexdigest()

"""One page at a time by the rules of a crawl, for looking at a board; nothing is stored."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner

from crawler import reactor
from crawler.bodies import BodyWriter
from crawler.check_boards import Probe
from crawler.errors import SourceError
from crawler.items import Listing
from crawler.night import Night
from crawler.reading import Ask, Page
from crawler.requests import Fetcher
from crawler.run import allow_stand_ins, scrapy_settings, tonight, user_agent, utc_now
from crawler.spiders.base import BoardSpider
from warehouse.store import Store

NO_STORE = Path(":memory:")


class ProbeSpider(BoardSpider):
    """Fetches `url`, or posts `post` there, and leaves the outcome in `outcome`."""

    name = "probe"
    parse_listing = staticmethod(lambda _body: Listing())
    url: str
    post: str | None
    outcome: list[Page | SourceError]

    async def start(self) -> AsyncIterator[Any]:
        try:
            self.outcome.append(await Fetcher(self, self.night.budget())(Ask(self.url, self.post)))
        except SourceError as error:
            self.outcome.append(error)
        return
        yield  # a generator that yields nothing: what is probed is not stored


@contextmanager
def open_probe(base_urls: Mapping[str, str] | None = None) -> Iterator[Probe]:
    """
    A function from an address and an Accept header, and a JSON body if one is to be posted, to the
    last address and the body.

    It raises FetchError; hosts keep their pace and their robots.txt for as long as it is open.
    """
    agent = user_agent(is_stand_in=bool(base_urls))
    with (
        TemporaryDirectory() as folder,
        BodyWriter(Path(folder), tonight()) as bodies,
        Store(NO_STORE) as store,
    ):
        night = Night(tonight(), store, bodies, utc_now, base_urls or {})
        yield lambda url, accept, post=None: _probe(night, agent, url, accept, post)


def _probe(night: Night, agent: str, url: str, accept: str, post: str | None) -> tuple[str, bytes]:
    allow_stand_ins(night)
    outcome: list[Page | SourceError] = []
    spider = type("Probe", (ProbeSpider,), {"accept": accept})

    async def crawl() -> None:
        runner = AsyncCrawlerRunner(scrapy_settings(agent))
        await runner.crawl(spider, night=night, rows=(), url=url, post=post, outcome=outcome)

    reactor.run(crawl())
    (found,) = outcome
    if isinstance(found, SourceError):
        raise found
    return found.url, found.body or b""

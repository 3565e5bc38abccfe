"""
robots.txt, read before a host's first request and obeyed on every hop (RFC 9309).

Scrapy's own middleware lets most of a burst of start requests through, allows a host whose
robots.txt can't be read, and ignores Crawl-delay. Here a robots.txt that is forbidden or missing
(4xx) allows, and one that can't be read (5xx, 429, network, TLS) forbids the whole host tonight.
"""

import asyncio
import time
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from crawler import settings
from crawler.errors import FetchError, TooManyRedirectsError
from crawler.night import Host
from crawler.politeness import NightMiddleware, status_failure

TOO_MANY_REQUESTS = 429
ROBOTS_PATH = "/robots.txt"


class RobotsMiddleware(NightMiddleware):
    """Refuses what a host's robots.txt disallows, with a FetchError("robots")."""

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        # One task a host: whoever comes first starts it, and everyone waits for its outcome.
        netloc = urlsplit(request.url).netloc
        tasks = self.night.robots
        if netloc not in tasks or self.host_of(request).robots_too_old(time.monotonic()):
            self.host_of(request).robots_read_at = time.monotonic()
            tasks[netloc] = asyncio.ensure_future(self._read(request))
        rules = await asyncio.shield(tasks[netloc])
        if rules is not None and not rules.allowed(request.url, self._agent):
            raise FetchError("robots", f"{netloc}: robots.txt disallows {request.url}")

    @property
    def _agent(self) -> str:
        return str(self.crawler.settings["USER_AGENT"])

    async def _read(self, request: Request) -> RobotParser | None:
        """The host's rules, None if it has none. Raises FetchError if they can't be read."""
        parts = urlsplit(request.url)
        address = urlunsplit((parts.scheme, parts.netloc, ROBOTS_PATH, "", ""))
        meta = {
            "is_robots": True,
            "budget": self.night.budget(),
            "hops_max": settings.ROBOTS_REDIRECTS,
        }
        assert self.crawler.engine is not None  # noqa: S101 - there is one while it downloads
        try:
            response = await self.crawler.engine.download_async(
                Request(address, headers={"Accept": "text/plain"}, meta=meta, dont_filter=True)
            )
        except TooManyRedirectsError:
            self._note(f"{address} redirects without end")
            return None
        except FetchError as error:
            # A host that can't be found or trusted has no robots.txt to speak of.
            if isinstance(error.__cause__, CannotResolveHostError) or error.failure_class == "tls":
                raise
            raise FetchError("robots", f"robots.txt can't be read: {error}") from error
        failure = status_failure(address, response.status)
        if failure and (response.status >= 500 or response.status == TOO_MANY_REQUESTS):  # noqa: PLR2004
            raise FetchError("robots", f"robots.txt can't be read: {failure}")
        if failure:
            self._note(f"{address} answered {response.status}")
            return None
        body = response.body[: settings.ROBOTS_BYTES]
        if body.lstrip()[:1] == b"<":
            self._note(f"{address} is a page, no rules")
            return None
        rules = ProtegoRobotParser.from_crawler(self.crawler, body)
        self._slow_down(self.host_of(request), rules)
        return rules

    def _note(self, notice: str) -> None:
        self.night.notices[notice] += 1

    def _slow_down(self, host: Host, rules: RobotParser) -> None:
        asked = rules.crawl_delay(self._agent) or 0.0
        if asked > settings.CRAWL_DELAY_MAX:
            host.leave("robots", f"its robots.txt asks for {asked:.0f} s between requests")
            assert host.left is not None  # noqa: S101
            raise host.left
        if asked:
            host.crawl_delay = max(1.0, asked)

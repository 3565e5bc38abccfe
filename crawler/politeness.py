"""
How requests behave towards hosts: redirects, retries, patience, the circuit breaker, the budget.

Every request of a board carries its `budget` in its meta, its redirects and retries too.
"""

import asyncio
import email.utils
import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import settings
from crawler.compression import unpacked
from crawler.errors import FetchError, TooManyRedirectsError
from crawler.night import Host, OfNight
from crawler.reactor import resolver

RETRIED = {"timeout", "refused", "truncated", "dns", "http_429", "http_5xx"}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
PORTS = {None, 80, 443}
TLS_MODULES = ("OpenSSL", "service_identity")  # whose errors say that a host isn't to be trusted
HTTP_CLASSES = {404: "http_404", 410: "http_410", 429: "http_429", 408: "timeout"}
DOWNLOAD_CLASSES: dict[type[Exception], str] = {
    DownloadConnectionRefusedError: "refused",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too_large",  # Scrapy cancels at DOWNLOAD_MAXSIZE
    ResponseDataLossError: "truncated",
    UnsupportedURLSchemeError: "redirect",
}


def status_failure(url: str, status: int) -> FetchError | None:
    """What an HTTP status means for the night; None for 200 and 304."""
    if status in {200, 304}:
        return None
    by_hundred = {4: "http_4xx", 5: "http_5xx"}.get(status // 100, "status")
    return FetchError(
        HTTP_CLASSES.get(status, by_hundred), f"{url} answered {status}", status=status
    )


def download_failure(url: str, error: Exception) -> FetchError | None:
    """The class of what the downloader raised; None for an error that isn't the network's."""
    if isinstance(error, CannotResolveHostError):
        host = urlsplit(url).hostname or ""
        failure_class = resolver().failures.get(host, "dns")
        if failure_class == "refused":
            return FetchError("refused", f"{host} has no public address")
    elif isinstance(error, DownloadFailedError):
        failure_class = "tls" if _is_tls(error) else "refused"
    else:
        found = DOWNLOAD_CLASSES.get(type(error))
        if found is None:
            return None
        failure_class = found
    return FetchError(failure_class, f"{url}: {error or type(error).__name__}")


def _is_tls(error: Exception) -> bool:
    """Twisted says so only in the failures below the failure."""
    reasons = getattr(error.__cause__, "reasons", None) or ()
    return any(
        (isinstance(reason, Failure) and type(reason.value).__module__.startswith(TLS_MODULES))
        or "certificate" in str(reason).lower()
        for reason in reasons
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for; None if it says nothing that can be read."""
    if value is None:
        return None
    try:
        return max(0.0, float(int(value)))
    except OverflowError:
        return float("inf")
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


class NightMiddleware(OfNight):
    """A downloader middleware that knows its night, and the host of a request."""

    @property
    def delay(self) -> float:
        """Seconds between two requests to a host; none where only stand-ins are asked."""
        spider: Any = self.crawler.spider
        return 0.0 if self.night.is_stand_in else max(settings.DELAY, spider.page_delay)

    def host_of(self, request: Request) -> Host:
        return self.night.host(urlsplit(request.url).netloc)


class RetryMiddleware(NightMiddleware):
    """Tries again, patiently, at most RETRIES times; leaves a host that keeps failing."""

    def process_request(self, request: Request) -> None:
        left = self.host_of(request).left
        if left is not None:
            raise left

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        failure = status_failure(request.url, response.status)
        try:
            response = response if failure else unpacked(response)
        except FetchError as error:
            return await self._again_or_fail(request, error, None)
        if failure is None or failure.failure_class not in RETRIED:
            self.host_of(request).count(None)
            return response
        header = response.headers.get("Retry-After")
        asked = retry_after(header.decode("latin-1") if header else None, datetime.now(UTC))
        again = await self._again(request, failure, asked)
        return again or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        failure = download_failure(request.url, exception)
        if failure is None:
            return None  # not the network's: a budget, robots.txt, a bug of ours
        return await self._again_or_fail(request, failure, exception)

    async def _again_or_fail(
        self, request: Request, failure: FetchError, cause: Exception | None
    ) -> Request:
        again = await self._again(request, failure, None)
        if again is None:
            raise failure from cause
        return again

    async def _again(
        self, request: Request, failure: FetchError, asked: float | None
    ) -> Request | None:
        host = self.host_of(request)
        host.count(failure if failure.failure_class in RETRIED else None)
        attempt = request.meta.get("attempt", 0)
        if asked is not None and asked > settings.RETRY_AFTER_MAX:
            host.leave(failure.failure_class, f"it asks to wait for {asked:.0f} s")
        if failure.failure_class not in RETRIED or attempt >= settings.RETRIES or host.left:
            return None
        patience = 0.0 if self.night.is_stand_in else settings.RETRY_BACKOFF
        backoff = patience * 2**attempt
        wait = backoff * random.uniform(1, 1.5) if asked is None else asked  # noqa: S311
        if wait > request.meta["budget"].seconds_left:
            return None
        await asyncio.sleep(wait)
        return request.replace(dont_filter=True, meta={**request.meta, "attempt": attempt + 1})


class RedirectMiddleware(NightMiddleware):
    """Follows redirects hop by hop, each with robots.txt and the breaker of its own host."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get("Location")
        if response.status not in REDIRECT_STATUSES or not location:
            return response
        hops = request.meta.get("hops", 0) + 1
        try:
            target = urljoin(request.url, location.decode("utf-8", "replace").strip())
            self._refuse(request, target, hops)
        except ValueError as error:
            raise FetchError(
                "redirect", f"{request.url} redirects to no address ({error})"
            ) from error
        return request.replace(url=target, meta={**request.meta, "hops": hops, "attempt": 0})

    def _refuse(self, request: Request, target: str, hops: int) -> None:
        parts = urlsplit(target)
        is_stand_in = any(target.startswith(base) for base in self.night.base_urls.values())
        if hops > request.meta.get("hops_max", settings.REDIRECTS):
            raise TooManyRedirectsError(
                "redirect", f"{request.url}: more than {hops - 1} redirects"
            )
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            reason = f"redirects to {parts.scheme}:"
        elif request.url.startswith("https:") and parts.scheme == "http":
            reason = "redirects from https to http"
        elif parts.port not in PORTS and not is_stand_in:
            reason = f"redirects to port {parts.port}"
        else:
            return
        raise FetchError("redirect", f"{request.url} {reason}")


class BudgetMiddleware(NightMiddleware):
    """Counts what a board uses, stops it at its caps, and waits for the host's turn."""

    async def process_request(self, request: Request) -> None:
        budget = request.meta["budget"]
        budget.spend_request()
        request.meta["download_slot"] = urlsplit(request.url).netloc
        await self.host_of(request).turn(self.delay)
        request.meta["download_timeout"] = min(settings.DOWNLOAD_TIMEOUT, budget.seconds_left)

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta["budget"].body_bytes += len(response.body)
        return response


def header(response: Response, name: str) -> str | None:
    value: Any = response.headers.get(name)
    return value.decode("latin-1") if value else None

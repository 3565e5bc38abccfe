"""
The exception tree of the crawler. Each failed board's night carries the class of one of these.

    CrawlerError
    ├── ConfigurationError    boards.csv or the settings are wrong (exit 78, before any request)
    ├── LockHeldError         another run has the store (exit 75)
    ├── ClockError            the clock is earlier than the newest recorded night (exit 78)
    └── SourceError           one board's night failed; `failure_class` says how
        ├── ListingFormatError    the body isn't what the source documents: a changed API
        ├── WallError             a challenge, consent or login page at 200
        ├── FetchError            the network, the host, its robots.txt or reservation said no
        │   └── TooManyRedirectsError
        └── BudgetError           the board used up its time, requests or bytes
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ends (method 3.2)."""

    OK = 0
    DEGRADED = 10  # published, with 80 to 95 % of the boards or a suspect one
    NOT_PUBLISHED = 20  # collected; under 80 % of the boards, or a check failed
    IO = 74
    LOCK_HELD = 75
    CONFIGURATION = 78
    STOPPED = 130  # resumable with the same command


class CrawlerError(Exception):
    """Anything that the operator of a crawl can act on."""


class ConfigurationError(CrawlerError):
    """boards.csv or the settings are wrong; the message names file, line and value."""


class LockHeldError(CrawlerError):
    """Another run holds the store."""


class ClockError(CrawlerError):
    """The clock is earlier than the newest recorded night."""


class SourceError(CrawlerError):
    """One board's night failed."""

    failure_class = "source"


class ListingFormatError(SourceError):
    """The body isn't what the source documents: a changed API, not a board without postings."""

    failure_class = "format"


class WallError(SourceError):
    """A challenge, consent or login page came at 200; no attempt is made to pass it."""

    failure_class = "wall"


class FetchError(SourceError):
    """The network, the host or its robots.txt said no. `status` is that of the answer, if any."""

    def __init__(self, failure_class: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.failure_class = failure_class
        self.status = status


class TooManyRedirectsError(FetchError):
    """More hops than are followed; for a robots.txt that means that there is none (RFC 9309)."""


class BudgetError(SourceError):
    """The board used up its time, requests or bytes: what was read so far is `partial`."""

    def __init__(self, failure_class: str, message: str) -> None:
        super().__init__(message)
        self.failure_class = failure_class

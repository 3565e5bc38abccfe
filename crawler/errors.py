"""
The exception tree of the crawler. Each failed board's night carries the class of one of these.

    CrawlerError
    ├── ConfigurationError    boards.csv or the settings are wrong (exit 78, before any request)
    ├── LockHeldError         another run has the store (exit 75)
    ├── ClockError            the clock is earlier than the newest recorded night (exit 78)
    └── SourceError           one board's night failed; `failure_class` says how
        ├── ListingFormatError    the body isn't what the source documents: a changed API
        └── WallError             a challenge, consent or login page at 200
"""


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

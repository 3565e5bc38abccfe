import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from crawler.charset import decode
from crawler.errors import ListingFormatError, SourceError
from crawler.items import InvalidPosting, Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import date_of
from crawler.spiders.base import BoardSpider

PAGE_MAX = 20 * 1024**2  # bytes of one page; what is longer is no description of a job
HTML = re.compile(r"text/html|application/xhtml", re.IGNORECASE)


class Capture(NamedTuple):
    """A page as somebody's crawler got it."""

    url: str
    captured_date: date
    content_type: str | None
    body: bytes


def captures_of(stream: IO[bytes]) -> Iterator[Capture]:
    """
    Yield the HTML pages that were got at status 200 and mention a JobPosting, in order.

    Raises ListingFormatError for what isn't WARC, or ends within a record; what came before is
    yielded first.
    """
    records = 0
    try:
        for records, record in enumerate(ArchiveIterator(stream), start=1):  # noqa: B007 - counted
            if record.format != "warc":
                raise ListingFormatError("warc: an ARC file; only WARC is read")
            if record.rec_type != "response" or not is_page(record.http_headers):
                continue
            body = record.content_stream().read(PAGE_MAX)
            day = date_of(record.rec_headers.get_header("WARC-Date"))
            url = record.rec_headers.get_header("WARC-Target-URI")
            if url and day and b"JobPosting" in body:
                kind = record.http_headers.get_header("Content-Type")
                yield Capture(url.strip("<>"), day, kind, body)
    # warcio lets out what its parsers of headers and gzip raise on broken bytes.
    except (ArchiveLoadFailed, OSError, ValueError, EOFError, AttributeError) as error:
        raise ListingFormatError(f"warc: no WARC, or a broken one ({error})") from error
    if not records:
        raise ListingFormatError("warc: a file without a record")


def is_page(headers: StatusAndHeaders | None) -> bool:
    if headers is None or headers.get_statuscode() != "200":
        return False
    return HTML.search(headers.get_header("Content-Type") or "") is not None


def posting_of(capture: Capture, clean: Callable[[str], str] = str) -> Posting | None:
    """
    Parse a capture, whose text goes through ``clean`` first; None if it holds no ad.

    Raises SourceError if the page or its ad can't be read.
    """
    html = clean(decode(capture.body, capture.content_type))
    ref = PostingRef(posting_id=capture.url, url=capture.url)
    return posting_of_page("warc", html.encode(), ref)


def parse_listing(body: bytes) -> Listing:
    """
    Parse a WARC file, packed or not: a posting for each page that carries a JobPosting.

    Raises ListingFormatError if it isn't one.
    """
    if not body.startswith((b"WARC/", b"\x1f\x8b")):
        raise ListingFormatError(f"warc: no WARC file; it begins {body[:60]!r}")
    postings: dict[str, Posting] = {}
    invalid: list[InvalidPosting] = []
    for capture in captures_of(io.BytesIO(body)):
        try:
            posting = posting_of(capture)
        except SourceError as error:
            invalid.append(InvalidPosting(posting_id=capture.url, reason=str(error)))
            continue
        if posting:
            postings[posting.posting_id] = posting
    return Listing(postings=tuple(postings.values()), invalid=tuple(invalid))


class WarcSpider(BoardSpider):
    """
    Publisher
      Whoever keeps WARC files, Common Crawl among them (https://commoncrawl.org/get-started)
    Listing documentation
      https://iipc.github.io/warc-specifications/ (WARC 1.1) and https://schema.org/JobPosting
    Terms
      Those of the archive and of each site; Common Crawl's: https://commoncrawl.org/terms-of-use,
      not read by us
    Robots
      As the archive's crawler met them; no request is made to the sites
    Posted date means
      datePosted of the page as it was captured
    Closes after
      2 nights: in name only, since captures come when they come and are never a whole board
    Caveats
      Off for nights: files are read with `python -m crawler.backfill FILE...`. A board is a host. A
      capture says that an ad stood there on that day, never that another one didn't. What is read
      this way is kept beside the panel and never counted in it.
    Checked date
      2026-11-26 (specification; no recorded archive)
    """

    name = "warc"
    kind = "aggregator"
    off_reason = "files are read with `python -m crawler.backfill FILE...`, not by a night"
    closes_after = 2
    accept = "application/warc"
    parse_listing = staticmethod(parse_listing)

import email.utils
import xml.etree.ElementTree as ET
from datetime import date

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    join_texts,
    parse_rows,
    parse_xml,
    raise_if_wall,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider
from crawler.spiders.teamtailor import parse_feed

TEXTS = ("encoded", "content", "description", "summary")  # the fullest first


def parse_listing(body: bytes) -> Listing:
    """
    Parse a JSON Feed, an RSS feed or an Atom feed.

    Raises ListingFormatError for anything else.
    """
    if body.lstrip()[:1] in {b"{", b"["}:
        return parse_feed("feed", body)
    raise_if_wall("feed", body.decode("utf-8", "replace"))
    root = parse_xml("feed", body)
    kind = local_name(root)
    if kind not in {"rss", "RDF", "feed"}:
        raise ListingFormatError(f"feed: <{kind}> is neither RSS nor Atom")
    entries = [part for part in root.iter() if local_name(part) in {"item", "entry"}]
    postings, invalid = parse_rows(map(row_of, entries), to_posting)
    return Listing(postings=postings, invalid=invalid, next_url=next_page(root))


def local_name(part: ET.Element) -> str:
    return part.tag.rpartition("}")[2]


def row_of(entry: ET.Element) -> Row:
    """Return the first text of each name below an entry, with one address and one identifier."""
    row: Row = {}
    for part in entry.iter():
        if text := text_of(part.text):
            row.setdefault(local_name(part), text)
        elif local_name(part) == "link" and part.get("rel", "alternate") == "alternate":
            row.setdefault("link", text_of(part.get("href")))
    return {**row, "id": row.get("guid") or row.get("id") or row.get("link")}


def to_posting(entry: Row) -> Posting:
    address = ", ".join(
        entry[key] for key in ("city", "state", "region", "country") if key in entry
    )
    return Posting(
        posting_id=require_text(entry, "id"),
        title=require_text(entry, "title"),
        url=text_of(entry.get("link")),
        description_html=next((entry[key] for key in TEXTS if key in entry), None),
        location_text=text_of(entry.get("location")) or text_of(address),
        department=text_of(entry.get("department")) or text_of(entry.get("category")),
        employment_type_text=text_of(entry.get("jobtype")) or text_of(entry.get("employmentType")),
        salary_text=join_texts([entry.get("salary")]),
        posted_date=day_of(entry.get("pubDate") or entry.get("published") or entry.get("date")),
        revision=text_of(entry.get("updated")),
    )


def day_of(stamp: object) -> date | None:
    """Read RSS's "Mon, 20 Jul 2026 09:00:00 +0200", or an ISO date: the day as written."""
    try:
        written = email.utils.parsedate_to_datetime(str(stamp)).date().isoformat()
    except (ValueError, OverflowError):
        return date_of(stamp)
    return date_of(written)


def next_page(root: ET.Element) -> str | None:
    """Return the link of RFC 5005 to the next page of the feed."""
    return next(
        (
            text_of(part.get("href"))
            for part in root.iter()
            if local_name(part) == "link" and part.get("rel") == "next"
        ),
        None,
    )


class FeedSpider(BoardSpider):
    """
    Publisher
      Any employer's own feed of its open postings
    Listing documentation
      https://www.rssboard.org/rss-specification, RFC 4287 (Atom), RFC 5005 (pages of a feed) and
      https://www.jsonfeed.org/version/1.1/
    Terms
      The site's own; read them before a board is added and write the date into its note
    Robots
      Read at run time for each site
    Posted date means
      pubDate, published or date_published: when the entry was published, in the zone it names
    Closes after
      2 nights: feeds lag, and have no total
    Caveats
      The row's url is the feed's. Only a feed of all open postings: one of the newest entries
      would close what merely left its end. A schema.org JobPosting within a JSON Feed is read.
    Checked date
      2026-11-26 (specifications and recorded JSON Feeds; no live request)
    """

    name = "feed"
    closes_after = 2
    accept = "application/feed+json, application/json, application/rss+xml, application/xml;q=0.9"
    parse_listing = staticmethod(parse_listing)

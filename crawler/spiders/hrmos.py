import re
from html import escape
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import Row, join_texts, parse_rows, raise_if_wall, require_text, text_of
from crawler.spiders.base import BoardSpider

JOB_URL = re.compile(r"/pages/[^/]+/jobs/([^/?#]+)/?$")
TOTAL = re.compile(r"全\s*([\d,]+)\s*件")
EMPLOYMENT = re.compile(
    r"社員|業務委託|アルバイト|パート|インターン|派遣|嘱託|役員|full.?time|part.?time",
    re.IGNORECASE,
)


def parse_listing(body: bytes) -> Listing:
    """
    Parse one page of a tenant's list: up to 100 cards with whole texts, and the stated total.

    Raises ListingFormatError for a page with neither cards nor a count.
    """
    html = body.decode("utf-8", "replace")
    page = LexborHTMLParser(html)
    cards = page.css("li.pg-list-cassette")
    count = page.css_first(".pg-count")
    total = TOTAL.search(count.text()) if count else None
    if not cards and total is None:
        raise_if_wall("hrmos", html)
        raise ListingFormatError("hrmos: neither 'li.pg-list-cassette' nor a count '全 N 件'")
    postings, invalid = parse_rows(map(row_of, cards), to_posting)
    return Listing(
        postings=postings,
        invalid=invalid,
        declared_total=int(total[1].replace(",", "")) if total else None,
        next_url=next_page(page),
    )


def row_of(card: LexborNode) -> Row:
    link, title, text = (
        card.css_first(path) for path in ("a[href]", "h2", ".pg-list-cassette-body")
    )
    url = link.attributes["href"] if link else None
    found = JOB_URL.search(url or "")
    place = card.css_first(".sg-tag-location")
    tags = [tag.text(strip=True) for tag in card.css("ul.sg-tags li") if tag != place]
    return {
        "id": found[1] if found else None,
        "title": title.text(strip=True) if title else None,
        "url": url,
        "text": text.text(separator="\n").strip() if text else None,
        "place": place.text(strip=True) if place else None,
        "employment": [tag for tag in tags if EMPLOYMENT.search(tag)],
        "tags": [tag for tag in tags if not EMPLOYMENT.search(tag)],
    }


def to_posting(card: Row) -> Posting:
    text = text_of(card["text"])
    return Posting(
        posting_id=require_text(card, "id"),
        title=require_text(card, "title"),
        url=text_of(card["url"]),
        description_html=escape(text).replace("\n", "<br>") if text else None,
        location_text=text_of(card["place"]),
        department=join_texts(card["tags"]),
        employment_type_text=join_texts(card["employment"]),
        language_hint="ja",
    )


def next_page(page: LexborHTMLParser) -> str | None:
    """Return the address of the page after the current one, the only number without a link."""
    pages = [item for item in page.css(".pg-pagenation li") if item.text(strip=True).isdigit()]
    links = [item.css_first("a[href]") for item in pages]
    for current, following in pairwise(links):
        if current is None and following is not None:
            return following.attributes["href"]
    return None


class HrmosSpider(BoardSpider):
    """
    Publisher
      HRMOS (BizReach, Visional group), an applicant tracking system used in Japan
    Listing documentation
      none by the vendor; the shape is that of public clients of 2026
    Terms
      Not read (https://hrmos.co/terms); robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for hrmos.co; not read ahead
    Posted date means
      nothing: the list has no date, first_seen_date is the only clock
    Closes after
      2 nights: several HTML pages, though each states the total
    Caveats
      The list carries the whole text without its layout, but neither pay nor date, which only the
      job's page has. A tenant may serve a group: the company stands among the tags. The tags are
      kept as the department, those that name a kind of employment apart.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "hrmos"
    listing_url = "https://hrmos.co/pages/{board}/jobs"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)

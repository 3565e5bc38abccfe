import re

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import raise_if_wall
from crawler.spiders.base import BoardSpider

JOB_PATH = re.compile(r"/v1/[^/]+/([^/?#]+)/?$")
SHIFTING_PREFIX = re.compile(r"^\d{1,3}(?:-\d{1,3})+\.?\s*")


def parse_listing(body: bytes) -> Listing:
    """Parse a tenant's one page. Raises ListingFormatError if it has no ``.requisition-list``."""
    html = body.decode("utf-8", "replace")
    page = LexborHTMLParser(html)
    if page.css_first(".requisition-list") is None:
        raise_if_wall("herp", html)
        raise ListingFormatError("herp: no '.requisition-list' in the page")
    refs = {}
    for link in page.css("a.requisition-list-card__header-anchor[href]"):
        href = link.attributes["href"] or ""
        if "/requisition-groups/" not in href and (found := JOB_PATH.search(href)):
            refs[found[1]] = PostingRef(posting_id=found[1], url=href)
    return Listing(refs=tuple(refs.values()))


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """
    Parse a job's page. A leading "01-14-02." is the place in the list, which shifts when another
    posting closes: it is no part of the title. Codes such as "TECH-501-" stay.
    """
    posting = posting_of_page("herp", body, ref)
    if posting is None:
        return None
    title = SHIFTING_PREFIX.sub("", posting.title) or posting.title
    return posting.model_copy(update={"title": title, "employer_text": None})


class HerpSpider(BoardSpider):
    """
    Publisher
      HERP Hire, an applicant tracking system used in Japan
    Listing documentation
      none by the vendor; the shape is that of public clients of 2026
    Terms
      Not read (https://herp.careers); robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for herp.careers; not read ahead
    Posted date means
      datePosted of the job's page; the list has no date
    Closes after
      2 nights: one HTML page without a total
    Caveats
      Texts need a page each. Titles begin with numbers that shift; they are cut off.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "herp"
    listing_url = "https://herp.careers/v1/{board}"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

import re

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import raise_if_wall
from crawler.spiders.base import BoardSpider

JOB_URL = re.compile(r"/jobs/(\d+)/[^?]*job\b")


def parse_listing(body: bytes) -> Listing:
    """
    Parse a page of a site's search.

    Raises ListingFormatError for a page that is neither a list nor says that nothing was found.
    """
    html = body.decode("utf-8", "replace")
    page = LexborHTMLParser(html)
    refs = {}
    for link in page.css(".iCIMS_JobCardItem a[href], .iCIMS_JobListingRow a[href]"):
        href = link.attributes["href"] or ""
        if found := JOB_URL.search(href):
            refs[found[1]] = PostingRef(posting_id=found[1], url=href)
    if not refs and page.css_first(".iCIMS_ListingsPage") is None:
        raise_if_wall("icims", html)
        raise ListingFormatError("icims: neither '.iCIMS_JobCardItem' nor '.iCIMS_ListingsPage'")
    following = page.css_first('link[rel="next"][href]')
    return Listing(
        refs=tuple(refs.values()),
        next_url=following.attributes["href"] if following and refs else None,
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    posting = posting_of_page("icims", body, ref)
    return posting and posting.model_copy(update={"employer_text": None})


class IcimsSpider(BoardSpider):
    """
    Publisher
      iCIMS, an applicant tracking system
    Listing documentation
      none by the vendor for the sites; the shape is that of recorded pages of 2026
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each board's host; not read ahead
    Posted date means
      datePosted of the job's page; the list's "23 minutes ago" is not read
    Closes after
      2 nights: HTML pages of 20 to 50 without a total of postings
    Caveats
      The board is the host's first part ("careers-example"). The texts need a page each, with
      JSON-LD.
    Checked date
      2026-11-26 (public clients and recorded pages; no live request)
    """

    name = "icims"
    listing_url = "https://{board}.icims.com/jobs/search?ss=1&pr=0&in_iframe=1"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

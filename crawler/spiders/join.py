from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import (
    Row,
    dict_of,
    load_json,
    parse_refs,
    raise_if_wall,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """
    Parse a page of a company, from the data that the page draws itself from.

    Raises ListingFormatError if there is none, or its ``jobs.items`` is no list.
    """
    html = body.decode("utf-8", "replace")
    script = LexborHTMLParser(html).css_first("script#__NEXT_DATA__")
    if script is None:
        raise_if_wall("join", html)
        raise ListingFormatError("join: no '__NEXT_DATA__' in the page")
    props = dict_of(dict_of(load_json("join", script.text().encode())).get("props"))
    jobs = dict_of(dict_of(dict_of(props.get("pageProps")).get("initialState")).get("jobs"))
    refs, invalid = parse_refs(require_list("join", jobs, "items"), to_ref)
    pagination = dict_of(jobs.get("pagination"))
    page, pages, total = (pagination.get(key) for key in ("page", "pageCount", "total"))
    next_url = None
    if isinstance(page, int) and isinstance(pages, int) and page < pages:
        next_url = f"?page={page + 1}"
    return Listing(
        refs=refs,
        invalid=invalid,
        declared_total=total if isinstance(total, int) else None,
        next_url=next_url,
    )


def to_ref(job: Row) -> PostingRef:
    return PostingRef(
        posting_id=require_text(job, "id"),
        url=require_text(job, "idParam"),
        revision=text_of(job.get("lastUpdated")),
    )


def page_after(listing: Listing, address: str) -> Listing:
    """Put the company before the jobs' own parts of their addresses."""
    company = urlsplit(address).path.rpartition("/")[2]
    refs = [ref.model_copy(update={"url": f"{company}/{ref.url}"}) for ref in listing.refs]
    return listing.model_copy(update={"refs": tuple(refs)})


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    posting = posting_of_page("join", body, ref)
    return posting and posting.model_copy(update={"employer_text": None})


class JoinSpider(BoardSpider):
    """
    Publisher
      JOIN, an applicant tracking system
    Listing documentation
      none by the vendor for the companies' pages; the shape is that of public clients of 2026
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for join.com; not read ahead
    Posted date means
      datePosted of the job's page
    Closes after
      2 nights: pages of 5, counted anew while they are read
    Caveats
      The texts need a page each, with JSON-LD. One public client found no data in the pages it saw;
      such a board fails as a changed format.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "join"
    listing_url = "https://join.com/companies/{board}?page=1"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(page_after)
    parse_detail = staticmethod(parse_detail)

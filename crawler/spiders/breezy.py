from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import Row, load_json, parse_refs, require_text, text_of
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """
    Parse a board: an array of positions. ``[]`` declares nothing: see lever.

    Raises ListingFormatError for anything else.
    """
    rows = load_json("breezy", body)
    if not isinstance(rows, list):
        raise ListingFormatError(f"breezy: an array was expected, not {type(rows).__name__}")
    refs, invalid = parse_refs(rows, to_ref)
    return Listing(refs=refs, invalid=invalid)


def to_ref(row: Row) -> PostingRef:
    return PostingRef(
        posting_id=require_text(row, "id"),
        url=require_text(row, "url"),
        revision=text_of(row.get("published_date")),
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    posting = posting_of_page("breezy", body, ref)
    return posting and posting.model_copy(update={"employer_text": None})


class BreezySpider(BoardSpider):
    """
    Publisher
      Breezy HR, an applicant tracking system
    Listing documentation
      none by the vendor for the keyless list; the documented API is keyed
    Terms
      Reported by a public client of 2026 to forbid automation; not read by us
    Robots
      Read at run time for each board's host; not read ahead
    Posted date means
      datePosted of the posting's page; published_date of the list is the stamp of change
    Closes after
      1 night: the whole board in one answer
    Caveats
      Off by default: the terms are reported to say no. The list has no text; pages carry JSON-LD.
      A dead board redirects to the vendor's own site.
    Checked date
      2026-11-26 (public clients and recorded lists; no live request)
    """

    name = "breezy"
    off_reason = "the terms are reported to forbid automation"
    listing_url = "https://{board}.breezy.hr/json"
    closes_after = 1
    accept = "application/json, text/html;q=0.9"
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

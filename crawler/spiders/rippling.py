from crawler.errors import ListingFormatError
from crawler.items import InvalidPosting, Listing, Posting, PostingRef
from crawler.parsing import (
    TITLE_MAX,
    Row,
    RowError,
    date_of,
    dict_of,
    join_texts,
    list_of,
    load_json,
    pay_text,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """
    Parse a board: an array of references, one row for each place of a job.

    Raises ListingFormatError for anything else. ``[]`` declares nothing: see lever.
    """
    rows = load_json("rippling", body)
    if not isinstance(rows, list):
        raise ListingFormatError(f"rippling: an array was expected, not {type(rows).__name__}")
    uuids = [text_of(dict_of(row).get("uuid")) for row in rows]
    return Listing(
        refs=tuple(
            PostingRef(posting_id=uuid, url=f"jobs/{uuid}") for uuid in dict.fromkeys(uuids) if uuid
        ),
        invalid=(InvalidPosting(posting_id=None, reason="no uuid"),) * uuids.count(None),
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a job's answer. Raises ListingFormatError if it has no name."""
    job = dict_of(load_json("rippling", body))
    description = dict_of(job.get("description"))
    try:
        title = require_text(job, "name")[:TITLE_MAX]
    except RowError as error:
        raise ListingFormatError(f"rippling: {ref.posting_id}: {error}") from error
    return Posting(
        posting_id=ref.posting_id,
        title=title,
        url=text_of(job.get("url")),
        description_html=join_texts([description.get("role"), description.get("company")], "\n"),
        location_text=join_texts(list_of(job.get("workLocations"))),
        department=text_of(dict_of(job.get("department")).get("name")),
        employment_type_text=text_of(dict_of(job.get("employmentType")).get("label")),
        salary_text=join_texts(pay_of(dict_of(pay)) for pay in list_of(job.get("payRangeDetails"))),
        posted_date=date_of(job.get("createdOn")),
    )


def pay_of(pay: Row) -> str | None:
    return pay_text(
        pay.get("rangeStart"), pay.get("rangeEnd"), pay.get("currency"), pay.get("frequency")
    )


class RipplingSpider(BoardSpider):
    """
    Publisher
      Rippling, an applicant tracking system
    Listing documentation
      https://developer.rippling.com (the job board API)
    Terms
      Not read; the board API is keyless, 100 requests in 10 minutes; robots.txt and TDM reservation
      obeyed at run time
    Robots
      Read at run time for api.rippling.com; not read ahead
    Posted date means
      createdOn of the job's answer: when it was created
    Closes after
      1 night: the whole board in one answer
    Caveats
      The list has neither text nor date: an answer for each job, six seconds apart. A job comes
      once for each place, under one uuid. No stamp of change, so texts are read once.
    Checked date
      2026-11-26 (public clients and a recorded list; no live request)
    """

    name = "rippling"
    listing_url = "https://api.rippling.com/platform/api/ats/v1/board/{board}/jobs"
    closes_after = 1
    page_delay = 6.0
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

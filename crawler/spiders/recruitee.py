from datetime import date

from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    join_texts,
    load_json,
    parse_rows,
    pay_text,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a board. Raises ListingFormatError if ``offers`` is no list: empty boards send one."""
    rows = require_list("recruitee", load_json("recruitee", body), "offers")
    postings, invalid = parse_rows(rows, to_posting)
    return Listing(postings=postings, invalid=invalid)


def to_posting(offer: Row) -> Posting:
    salary = dict_of(offer.get("salary"))
    period = text_of(salary.get("period"))
    workplaces = (key for key in ("remote", "hybrid", "on_site") if offer.get(key) is True)
    return Posting(
        posting_id=require_text(offer, "id"),
        title=require_text(offer, "title"),
        url=text_of(offer.get("careers_url")),
        description_html=join_texts([offer.get("description"), offer.get("requirements")], "\n"),
        location_text=join_texts([offer.get("location"), *workplaces]),
        department=text_of(offer.get("department")),
        employment_type_text=text_of(offer.get("employment_type_code")),
        salary_text=pay_text(
            salary.get("min"),
            salary.get("max"),
            salary.get("currency"),
            period.upper() if period else None,
        ),
        posted_date=date_of(offer.get("published_at")),
        valid_through_date=date_of(offer.get("close_at")),
        revision=text_of(offer.get("updated_at")),
    )


class RecruiteeSpider(BoardSpider):
    """
    Publisher
      Recruitee (Tellent), an applicant tracking system
    Listing documentation
      https://docs.recruitee.com/reference/intro-to-careers-site-api.md
    Terms
      The careers site API is keyless until 2027-02-10; from then it asks for a token and answers
      401: the source is off from that day
    Robots
      Read at run time for each board's host; not read ahead
    Posted date means
      published_at: the publication, in UTC
    Closes after
      1 night: the whole board in one answer
    Caveats
      No total. Boards on an employer's own domain answer here too. ``mailbox_email`` is not read.
    Checked date
      2026-11-26 (public clients and recorded answers; no live request)
    """

    name = "recruitee"
    off_reason = "the list needs a token, which is the employer's"
    off_from = date(2027, 2, 10)
    listing_url = "https://{board}.recruitee.com/api/offers"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

from html import escape

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

SECTIONS = ("key_responsibilities", "skills_knowledge_expertise", "benefits")


def parse_listing(body: bytes) -> Listing:
    """Parse a board. Raises ListingFormatError if ``data`` is no list: empty boards send one."""
    rows = require_list("pinpoint", load_json("pinpoint", body), "data")
    postings, invalid = parse_rows(rows, to_posting)
    return Listing(postings=postings, invalid=invalid)


def to_posting(row: Row) -> Posting:
    job, location = dict_of(row.get("job")), dict_of(row.get("location"))
    department = dict_of(job.get("department")) or dict_of(row.get("department"))
    workplace = row.get("workplace_type_text") or row.get("workplace_type")
    place = join_texts([location.get(key) for key in ("name", "city", "province")], ", ")
    return Posting(
        posting_id=require_text(row, "id"),
        title=require_text(row, "title"),
        url=text_of(row.get("url")),
        description_html=join_texts(
            [row.get("description"), *(section(row, key) for key in SECTIONS)], "\n"
        ),
        location_text=join_texts([place, workplace]),
        department=text_of(department.get("name")),
        employment_type_text=text_of(row.get("employment_type_text")),
        salary_text=pay_of(row) if row.get("compensation_visible") is not False else None,
        requisition_id=text_of(job.get("requisition_id")),
        posted_date=date_of(row.get("first_published_at")),
        valid_through_date=date_of(row.get("deadline_at")),  # a closing date, not a posting date
        revision=text_of(row.get("updated_at")),
    )


def section(row: Row, key: str) -> str | None:
    text, heading = text_of(row.get(key)), text_of(row.get(f"{key}_header"))
    return f"<h3>{escape(heading)}</h3>{text}" if text and heading else text


def pay_of(row: Row) -> str | None:
    period = text_of(row.get("compensation_frequency"))
    return pay_text(
        row.get("compensation_minimum"),
        row.get("compensation_maximum"),
        row.get("compensation_currency"),
        period.upper() if period else None,
    ) or text_of(row.get("compensation"))


class PinpointSpider(BoardSpider):
    """
    Publisher
      Pinpoint, an applicant tracking system
    Listing documentation
      https://developers.pinpointhq.com
    Terms
      The vendor documents the feed for showing an employer's jobs, keyless
    Robots
      Read at run time for each board's host; not read ahead
    Posted date means
      first_published_at: the first publication, where the board sends it
    Closes after
      1 night: the whole board in one answer
    Caveats
      ``deadline_at`` is when applications end. Pay is kept only where the board shows it. No total.
    Checked date
      2026-11-26 (public clients and recorded answers; no live request)
    """

    name = "pinpoint"
    listing_url = "https://{board}.pinpointhq.com/postings.json"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

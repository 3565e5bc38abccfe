from html import escape

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    dict_of,
    join_texts,
    list_of,
    load_json,
    parse_rows,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """
    Parse a company: an array of positions with their texts. ``[]`` declares nothing: see lever.

    Raises ListingFormatError for anything else.
    """
    rows = load_json("comeet", body)
    if not isinstance(rows, list):
        raise ListingFormatError(f"comeet: an array was expected, not {type(rows).__name__}")
    postings, invalid = parse_rows(rows, to_posting, id_key="uid")
    return Listing(postings=postings, invalid=invalid)


def to_posting(row: Row) -> Posting:
    place = dict_of(row.get("location"))
    details = [dict_of(detail) for detail in list_of(row.get("details"))]
    return Posting(
        posting_id=require_text(row, "uid"),
        title=require_text(row, "name"),
        url=text_of(row.get("url_active_page")) or text_of(row.get("url_comeet_hosted_page")),
        description_html=join_texts(map(section, details), "\n"),
        location_text=join_texts([place.get("name"), row.get("workplace_type")]),
        department=text_of(row.get("department")),
        employment_type_text=text_of(row.get("employment_type")),
        revision=text_of(row.get("time_updated")),
    )


def section(detail: Row) -> str | None:
    text, heading = text_of(detail.get("value")), text_of(detail.get("name"))
    return f"<h3>{escape(heading)}</h3>{text}" if text and heading else text


class ComeetSpider(BoardSpider):
    """
    Publisher
      Comeet (Spark Hire), an applicant tracking system
    Listing documentation
      https://developers.comeet.com/reference/careers-api-overview
    Terms
      Not read; the token is the employer's, for its own site
    Robots
      Read at run time for www.comeet.co; not read ahead
    Posted date means
      nothing: time_updated is an edit stamp and is kept as the revision
    Closes after
      1 night: the whole board in one answer
    Caveats
      Off by default: the token that the list needs stands in a page of the employer, and isn't ours
      to take. With an employer's leave the board is written "company/token".
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "comeet"
    off_reason = "the list needs the employer's own token"
    listing_url = (
        "https://www.comeet.co/careers-api/2.0/company/{part0}/positions?token={part1}&details=true"
    )
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

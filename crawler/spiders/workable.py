from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    join_texts,
    list_of,
    load_json,
    merge_places,
    parse_rows,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse an account. Raises ListingFormatError if ``jobs`` is no list: empty ones send one."""
    rows = require_list("workable", load_json("workable", body), "jobs")
    postings, invalid = parse_rows(rows, to_posting, id_key="shortcode")
    return Listing(postings=merge_places(postings), invalid=invalid)


def to_posting(job: Row) -> Posting:
    places = [dict_of(place) for place in list_of(job.get("locations"))] or [job]
    return Posting(
        posting_id=require_text(job, "shortcode"),
        title=require_text(job, "title"),
        url=text_of(job.get("url")),
        description_html=text_of(job.get("description")),
        location_text=join_texts(
            [
                *(place_of(place) for place in places),
                "Remote" if job.get("telecommuting") is True else None,
            ]
        ),
        department=text_of(job.get("department")),
        employment_type_text=text_of(job.get("employment_type")),
        posted_date=date_of(job.get("published_on")),
    )


def place_of(place: Row) -> str | None:
    region = place.get("region") or place.get("state")
    return join_texts([place.get("city"), region, place.get("country")], ", ")


class WorkableSpider(BoardSpider):
    """
    Publisher
      Workable, an applicant tracking system
    Listing documentation
      none found for the careers widget; the shape is that of public clients of 2026
    Terms
      Not read; the widget endpoint is keyless; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for apply.workable.com; not read ahead
    Posted date means
      published_on: the day of publication, without zone
    Closes after
      1 night: the whole account in one answer
    Caveats
      A posting comes once for each place, under one shortcode: joined here. No pay, no stamp of
      change, no ETag, no total. More than two requests at once bring 429.
    Checked date
      2026-11-26 (public clients and a recorded answer; no live request)
    """

    name = "workable"
    listing_url = "https://apply.workable.com/api/v1/widget/accounts/{board}?details=true"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

import re
from html import escape

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    dict_of,
    epoch_date,
    join_texts,
    list_of,
    load_json,
    parse_rows,
    pay_text,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """
    Parse a board: an array. Raises ListingFormatError for anything else.

    An empty board sends ``[]``, which declares nothing: it is the shortest answer of a broken
    system too, so ``declared_total`` stays None and a second night has to confirm the zero.
    """
    rows = load_json("lever", body)
    if not isinstance(rows, list):
        raise ListingFormatError(f"lever: an array was expected, not {type(rows).__name__}")
    postings, invalid = parse_rows(rows, to_posting)
    return Listing(postings=postings, invalid=invalid)


def to_posting(job: Row) -> Posting:
    categories = dict_of(job.get("categories"))
    places = list_of(categories.get("allLocations")) or [categories.get("location")]
    workplace = job.get("workplaceType")
    return Posting(
        posting_id=require_text(job, "id"),
        title=require_text(job, "text"),
        url=text_of(job.get("hostedUrl")),
        description_html=description_of(job),
        location_text=join_texts([*places, None if workplace == "unspecified" else workplace])
        or text_of(job.get("country")),
        department=join_texts([categories.get("department"), categories.get("team")], " / "),
        employment_type_text=text_of(categories.get("commitment")),
        salary_text=pay_of(dict_of(job.get("salaryRange"))),
        posted_date=epoch_date(job.get("createdAt"), per_second=1000),
        revision=text_of(job.get("updatedAt")),
    )


def description_of(job: Row) -> str | None:
    """Join opening, body, lists, additional and salary text: the parts of the page, in its order."""
    lists = [dict_of(part) for part in list_of(job.get("lists"))]
    sections = [
        f"<h3>{escape(text_of(part.get('text')) or '')}</h3><ul>{text_of(part.get('content')) or ''}</ul>"
        for part in lists
    ]
    opening_and_body = html_of(job, "description") or join_texts(
        [html_of(job, "opening"), html_of(job, "descriptionBody")], "\n"
    )
    return join_texts(
        [
            opening_and_body,
            *sections,
            html_of(job, "additional"),
            html_of(job, "salaryDescription"),
        ],
        "\n",
    )


def html_of(job: Row, key: str) -> str | None:
    """Return the field, or its plain twin with its line breaks as HTML."""
    plain = text_of(job.get(f"{key}Plain"))
    return text_of(job.get(key)) or (escape(plain).replace("\n", "<br>") if plain else None)


def pay_of(pay: Row) -> str | None:
    """Lever writes the period as "per-year-salary"."""
    period = re.match(r"per-(\w+)", text_of(pay.get("interval")) or "")
    return pay_text(
        pay.get("min"), pay.get("max"), pay.get("currency"), period[1].upper() if period else None
    )


class LeverSpider(BoardSpider):
    """
    Publisher
      Lever, an applicant tracking system
    Listing documentation
      https://github.com/lever/postings-api
    Terms
      Published postings "are publicly viewable. These jobs may be scraped by third parties"
      (vendor documentation)
    Robots
      Read at run time for api.lever.co; not read ahead
    Posted date means
      createdAt: when the posting was created, in UTC; it may have been published later
    Closes after
      1 night: the whole board in one answer
    Caveats
      No total: an empty array at 200 is a live board without postings or a broken answer, and a
      dead board is a 404. The text stands in five fields and in lists. European boards live on
      api.eu.lever.co: see lever_eu. ``leverdemo`` is the vendor's own board.
    Checked date
      2026-11-26 (documentation and recorded answers; no live request)
    """

    name = "lever"
    listing_url = "https://api.lever.co/v0/postings/{board}?mode=json"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

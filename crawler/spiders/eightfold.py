from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    Row,
    by_offset,
    dict_of,
    epoch_date,
    join_texts,
    list_of,
    load_json,
    parse_refs,
    require_list,
    require_text,
    text_of,
    title_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a page of a site's search. Raises ListingFormatError if ``positions`` is no list."""
    data = load_json("eightfold", body)
    rows = require_list("eightfold", data, "positions")
    domain, total = text_of(dict_of(data).get("domain")), dict_of(data).get("count")

    def to_ref(row: Row) -> PostingRef:
        posting_id = require_text(row, "id")
        return PostingRef(
            posting_id=posting_id,
            url=f"jobs/{posting_id}?domain={domain}" if domain else f"jobs/{posting_id}",
            revision=text_of(row.get("t_update")) or text_of(row.get("t_create")),
        )

    refs, invalid = parse_refs([row for row in rows if not is_private(row)], to_ref)
    return Listing(
        refs=refs, invalid=invalid, declared_total=total if isinstance(total, int) else None
    )


def is_private(row: object) -> bool:
    return dict_of(row).get("isPrivate") is True


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a position; None if it became private. Raises ListingFormatError."""
    position = dict_of(load_json("eightfold", body))
    if is_private(position):
        return None
    places = list_of(position.get("locations")) or [position.get("location")]
    return Posting(
        posting_id=ref.posting_id,
        title=title_of("eightfold", ref, position, "name"),
        url=text_of(position.get("canonicalPositionUrl")),
        description_html=text_of(position.get("job_description")),
        location_text=join_texts([*places, position.get("work_location_option")]),
        department=text_of(position.get("department")),
        requisition_id=text_of(position.get("display_job_id")),
        posted_date=epoch_date(position.get("t_create")),
        revision=ref.revision,
    )


class EightfoldSpider(BoardSpider):
    """
    Publisher
      Eightfold, a careers site over an applicant tracking system
    Listing documentation
      none by the vendor; the shape is that of public clients of 2026
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each site's host; not read ahead
    Posted date means
      t_create: when Eightfold took the position over, not when it was first published
    Closes after
      2 nights: pages of 10, counted anew while they are read
    Caveats
      A board is written "site/domain" ("example/example.com"). The list has no text: an answer
      each. Sites on a host of their own, with a sitemap and JSON-LD, are boards of jsonld.
    Checked date
      2026-11-26 (public clients and a recorded list; no live request)
    """

    name = "eightfold"
    listing_url = "https://{part0}.eightfold.ai/api/apply/v2/jobs?domain={part1}&num=10&start=0"
    closes_after = 2
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(by_offset("start"))
    parse_detail = staticmethod(parse_detail)

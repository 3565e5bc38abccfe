from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
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
    Parse a board: an array of posts. ``[]`` declares nothing: see lever.

    Raises ListingFormatError for anything else.
    """
    rows = load_json("gem", body)
    if not isinstance(rows, list):
        raise ListingFormatError(f"gem: an array was expected, not {type(rows).__name__}")
    postings, invalid = parse_rows(rows, to_posting)
    return Listing(postings=postings, invalid=invalid)


def to_posting(post: Row) -> Posting:
    offices = [dict_of(office).get("name") for office in list_of(post.get("offices"))]
    place = text_of(dict_of(post.get("location")).get("name")) or join_texts(offices)
    departments = [dict_of(part).get("name") for part in list_of(post.get("departments"))]
    return Posting(
        posting_id=require_text(post, "id"),
        title=require_text(post, "title"),
        url=text_of(post.get("absolute_url")),
        description_html=text_of(post.get("content")) or text_of(post.get("content_plain")),
        location_text=join_texts([place, post.get("location_type")]),
        department=join_texts(departments),
        employment_type_text=text_of(post.get("employment_type")),
        requisition_id=text_of(post.get("requisition_id")),
        posted_date=date_of(post.get("first_published_at")),  # not updated_at
        revision=text_of(post.get("updated_at")),
    )


class GemSpider(BoardSpider):
    """
    Publisher
      Gem, an applicant tracking system
    Listing documentation
      https://api.gem.com/job_board/v0/reference
    Terms
      "Most endpoints in the Job Board API are public and do not require authentication" (vendor
      documentation, as a public client quotes it)
    Robots
      Read at run time for api.gem.com; not read ahead
    Posted date means
      first_published_at: the first publication
    Closes after
      1 night: the whole board in one answer
    Caveats
      No total and no pay. The board's name is case-sensitive, and the address ends in a slash.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "gem"
    listing_url = "https://api.gem.com/job_board/v0/{board}/job_posts/"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

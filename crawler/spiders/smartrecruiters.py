from html import escape

from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    Row,
    by_offset,
    date_of,
    dict_of,
    join_texts,
    load_json,
    parse_refs,
    pay_text,
    require_list,
    require_text,
    text_of,
    title_of,
)
from crawler.spiders.base import BoardSpider

SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")


def parse_listing(body: bytes) -> Listing:
    """
    Parse a page of a company. A total of 0 declares nothing: an unknown company answers so too.

    Raises ListingFormatError if ``content`` is no list.
    """
    data = load_json("smartrecruiters", body)
    refs, invalid = parse_refs(require_list("smartrecruiters", data, "content"), to_ref)
    total = dict_of(data).get("totalFound")
    return Listing(
        refs=refs,
        invalid=invalid,
        declared_total=total if isinstance(total, int) and total else None,
    )


def to_ref(row: Row) -> PostingRef:
    posting_id = require_text(row, "id")
    return PostingRef(
        posting_id=posting_id,
        url=f"postings/{posting_id}",
        revision=text_of(row.get("releasedDate")),
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a posting; None if it says that it isn't active. Raises ListingFormatError."""
    data = dict_of(load_json("smartrecruiters", body))
    if data.get("active") is False:
        return None
    sections = dict_of(dict_of(data.get("jobAd")).get("sections"))
    place, pay = dict_of(data.get("location")), dict_of(data.get("compensation"))
    return Posting(
        posting_id=ref.posting_id,
        title=title_of("smartrecruiters", ref, data, "name"),
        url=text_of(data.get("postingUrl")),
        description_html=join_texts(
            (section(dict_of(sections.get(key))) for key in SECTIONS), "\n"
        ),
        location_text=place_of(place),
        department=text_of(dict_of(data.get("department")).get("label")),
        employment_type_text=text_of(dict_of(data.get("typeOfEmployment")).get("label")),
        salary_text=pay_text(
            pay.get("min"), pay.get("max"), pay.get("currency"), pay.get("period")
        ),
        language_hint=text_of(dict_of(data.get("language")).get("code")),
        requisition_id=text_of(data.get("refNumber")),
        posted_date=date_of(data.get("releasedDate")),
        revision=ref.revision,
    )


def section(part: Row) -> str | None:
    text, heading = text_of(part.get("text")), text_of(part.get("title"))
    return f"<h3>{escape(heading)}</h3>{text}" if text and heading else text


def place_of(place: Row) -> str | None:
    written = text_of(place.get("fullLocation")) or join_texts(
        (place.get(key) for key in ("city", "region", "country")), ", "
    )
    ways = [way for way in ("remote", "hybrid") if place.get(way) is True]
    return join_texts([written, *ways])


class SmartRecruitersSpider(BoardSpider):
    """
    Publisher
      SmartRecruiters, an applicant tracking system
    Listing documentation
      https://developers.smartrecruiters.com/docs/posting-api
    Terms
      Not read
    Robots
      Reported by three public clients of 2026 to disallow all but one agent on
      api.smartrecruiters.com; read at run time all the same
    Posted date means
      releasedDate: the last release, which a new release moves
    Closes after
      1 night: pages of 100 with a total
    Caveats
      Off by default: robots.txt says no. The texts need an answer each. An unknown company answers
      200 with a total of 0, so an empty board is never taken for a declared zero. The name of who
      made the posting is not read.
    Checked date
      2026-11-26 (public clients and a recorded list; no live request)
    """

    name = "smartrecruiters"
    off_reason = "robots.txt of api.smartrecruiters.com is reported to disallow all but one agent"
    listing_url = "https://api.smartrecruiters.com/v1/companies/{board}/postings?limit=100&offset=0"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(by_offset("offset"))
    parse_detail = staticmethod(parse_detail)

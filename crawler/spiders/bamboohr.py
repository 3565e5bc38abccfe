from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    join_texts,
    load_json,
    parse_refs,
    require_list,
    require_text,
    text_of,
    title_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a board. Raises ListingFormatError if ``result`` is no list: empty boards send one."""
    data = load_json("bamboohr", body)
    refs, invalid = parse_refs(require_list("bamboohr", data, "result"), to_ref)
    total = dict_of(dict_of(data).get("meta")).get("totalCount")
    return Listing(
        refs=refs, invalid=invalid, declared_total=total if isinstance(total, int) else None
    )


def to_ref(row: Row) -> PostingRef:
    posting_id = require_text(row, "id")
    return PostingRef(posting_id=posting_id, url=f"{posting_id}/detail")


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a job's answer; None if it isn't open. Raises ListingFormatError."""
    job = dict_of(dict_of(dict_of(load_json("bamboohr", body)).get("result")).get("jobOpening"))
    if text_of(job.get("jobOpeningStatus")) not in {None, "Open"}:
        return None
    place = dict_of(job.get("location"))
    return Posting(
        posting_id=ref.posting_id,
        title=title_of("bamboohr", ref, job, "jobOpeningName"),
        url=text_of(job.get("jobOpeningShareUrl")),
        description_html=text_of(job.get("description")),
        location_text=join_texts(
            [
                join_texts((place.get(key) for key in ("city", "state", "addressCountry")), ", "),
                "remote" if job.get("isRemote") is True else None,
            ]
        ),
        department=text_of(job.get("departmentLabel")),
        employment_type_text=text_of(job.get("employmentStatusLabel")),
        salary_text=text_of(job.get("compensation")),
        posted_date=date_of(job.get("datePosted")),
    )


class BambooHrSpider(BoardSpider):
    """
    Publisher
      BambooHR, a personnel system with careers pages
    Listing documentation
      none for the careers pages; the documented API is keyed
    Terms
      Reported by a public client of 2026 to forbid automation; not read by us
    Robots
      Read at run time for each board's host; not read ahead
    Posted date means
      datePosted of the job's answer: when it was opened
    Closes after
      1 night: the whole board with its total in one answer
    Caveats
      Off by default: the terms are reported to say no. Public clients disagree on the endpoint; a
      recorded list of 2026 shows this one. The texts need an answer each.
    Checked date
      2026-11-26 (public clients and a recorded list; no live request)
    """

    name = "bamboohr"
    off_reason = "the terms are reported to forbid automation"
    listing_url = "https://{board}.bamboohr.com/careers/list"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

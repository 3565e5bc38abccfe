from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    join_texts,
    list_of,
    load_json,
    number_of,
    parse_rows,
    pay_text,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a board. Raises ListingFormatError if ``jobs`` is no list: empty boards send one."""
    data = load_json("greenhouse", body)
    postings, invalid = parse_rows(require_list("greenhouse", data, "jobs"), to_posting)
    total = dict_of(dict_of(data).get("meta")).get("total")
    return Listing(
        postings=postings,
        invalid=invalid,
        declared_total=total if isinstance(total, int) else None,
    )


def to_posting(job: Row) -> Posting:
    offices = [dict_of(office).get("name") for office in list_of(job.get("offices"))]
    is_prospect_post = job.get("internal_job_id", 0) is None
    return Posting(
        posting_id=require_text(job, "id"),
        title=require_text(job, "title"),
        url=text_of(job.get("absolute_url")),
        description_html=text_of(job.get("content")),
        location_text=text_of(dict_of(job.get("location")).get("name")) or join_texts(offices),
        department=join_texts(
            dict_of(department).get("name") for department in list_of(job.get("departments"))
        ),
        employment_type_text="prospect post" if is_prospect_post else None,
        salary_text=join_texts(
            pay_range(dict_of(pay)) for pay in list_of(job.get("pay_input_ranges"))
        ),
        language_hint=text_of(job.get("language")),
        requisition_id=text_of(job.get("requisition_id")),
        posted_date=date_of(
            job.get("first_published")
        ),  # not updated_at, which moves on every edit
        valid_through_date=date_of(job.get("application_deadline")),
        revision=text_of(job.get("updated_at")),
    )


def pay_range(pay: Row) -> str | None:
    low, high = (
        None if (cents := number_of(pay.get(key))) is None else cents / 100
        for key in ("min_cents", "max_cents")
    )
    return pay_text(low, high, pay.get("currency_type"))


class GreenhouseSpider(BoardSpider):
    """
    Publisher
      Greenhouse, an applicant tracking system
    Listing documentation
      https://developers.greenhouse.io/job-board.html
    Terms
      "Job Board data is publicly available, so authentication is not required for any GET
      endpoints" (vendor documentation)
    Robots
      Read at run time for boards-api.greenhouse.io; not read ahead
    Posted date means
      first_published, the first publication (absent from the vendor's pages); an edit moves
      updated_at, which is kept as the revision
    Closes after
      1 night: the whole board with its total in one answer
    Caveats
      Without content=true the texts are missing, at status 200. Texts are escaped twice.
      ``metadata`` names recruiters and is not read. A prospect post (internal_job_id null) asks
      for applicants in general. A board moved to job-boards.greenhouse.io keeps its address here.
    Checked date
      2026-11-26 (documentation and recorded answers; no live request)
    """

    name = "greenhouse"
    listing_url = "https://boards-api.greenhouse.io/v1/boards/{board}/jobs?content=true"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

import re

from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    join_texts,
    list_of,
    load_json,
    parse_rows,
    pay_text,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a board. Raises ListingFormatError if ``jobs`` is no list: empty boards send one."""
    rows = require_list("ashby", load_json("ashby", body), "jobs")
    postings, invalid = parse_rows(rows, to_posting)
    return Listing(postings=postings, invalid=invalid)


def to_posting(job: Row) -> Posting | None:
    if job.get("isListed") is False:
        return None  # reachable by link only: the employer doesn't advertise it
    places = [job, *map(dict_of, list_of(job.get("secondaryLocations")))]
    workplace = text_of(job.get("workplaceType")) or (
        "Remote" if job.get("isRemote") is True else None
    )
    return Posting(
        posting_id=require_text(job, "id"),
        title=require_text(job, "title"),
        url=text_of(job.get("jobUrl")),
        description_html=text_of(job.get("descriptionHtml"))
        or text_of(job.get("descriptionPlain")),
        location_text=join_texts([*(place.get("location") for place in places), workplace]),
        department=join_texts([job.get("department"), job.get("team")], " / "),
        employment_type_text=text_of(job.get("employmentType")),
        salary_text=pay_of(dict_of(job.get("compensation"))),
        posted_date=date_of(job.get("publishedAt")),
    )


def pay_of(compensation: Row) -> str | None:
    """Return each stated salary range, or else the summary that the page prints."""
    ranges = [
        pay_text(
            part.get("minValue"),
            part.get("maxValue"),
            part.get("currencyCode"),
            re.sub(r"^1 ", "", text_of(part.get("interval")) or ""),
        )
        for part in map(dict_of, list_of(compensation.get("summaryComponents")))
        if part.get("compensationType") == "Salary"
    ]
    return join_texts(ranges) or text_of(compensation.get("compensationTierSummary"))


class AshbySpider(BoardSpider):
    """
    Publisher
      Ashby, an applicant tracking system
    Listing documentation
      https://developers.ashbyhq.com/docs/public-job-posting-api
    Terms
      The vendor documents the posting API as public, for showing an employer's jobs
    Robots
      Read at run time for api.ashbyhq.com; not read ahead
    Posted date means
      publishedAt: the LAST publication, so a posting taken down and put up again looks new;
      trust first_seen_date
    Closes after
      1 night: the whole board in one answer
    Caveats
      No total, and no stamp of change. ``isListed`` false is dropped: reachable by link only.
      The country is a name. A dead board is a 404 here, though its page answers 200.
    Checked date
      2026-11-26 (documentation and recorded answers; no live request)
    """

    name = "ashby"
    listing_url = "https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true"
    closes_after = 1
    parse_listing = staticmethod(parse_listing)

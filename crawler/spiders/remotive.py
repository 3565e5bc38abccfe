from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
    load_json,
    parse_rows,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a category. Raises ListingFormatError if ``jobs`` is no list."""
    data = load_json("remotive", body)
    postings, invalid = parse_rows(require_list("remotive", data, "jobs"), to_posting)
    total = dict_of(data).get("job-count")
    return Listing(
        postings=postings,
        invalid=invalid,
        declared_total=total if isinstance(total, int) else None,
    )


def to_posting(job: Row) -> Posting:
    return Posting(
        posting_id=require_text(job, "id"),
        title=require_text(job, "title"),
        url=text_of(job.get("url")),
        description_html=text_of(job.get("description")),
        employer_text=text_of(job.get("company_name")),
        location_text=text_of(job.get("candidate_required_location")),
        department=text_of(job.get("category")),
        employment_type_text=text_of(job.get("job_type")),
        salary_text=text_of(job.get("salary")),
        posted_date=date_of(job.get("publication_date")),
    )


class RemotiveSpider(BoardSpider):
    """
    Publisher
      Remotive, a job board for remote work with a public API
    Listing documentation
      https://github.com/remotive-com/remote-jobs-api
    Terms
      Access is granted to share the jobs further, with a link back to Remotive and its name as the
      source; not to other job sites; at most a few requests a day (README of the API)
    Robots
      Read at run time for remotive.com; not read ahead
    Posted date means
      publication_date on Remotive, not the employer's; the API lags by a day
    Closes after
      2 nights: one answer with its count, but of what Remotive still shows
    Caveats
      An aggregator: its postings are employers' postings again. They are kept beside the panel and
      never counted in it. The board is a category ("software-dev"). Places are where candidates
      may live.
    Checked date
      2026-11-26 (README and a recorded answer; no live request)
    """

    name = "remotive"
    kind = "aggregator"
    listing_url = "https://remotive.com/api/remote-jobs?category={board}"
    closes_after = 2
    page_delay = 30.0  # more than two requests a minute are blocked
    parse_listing = staticmethod(parse_listing)

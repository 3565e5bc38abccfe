from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    dict_of,
    epoch_date,
    join_texts,
    list_of,
    load_json,
    parse_rows,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider


def parse_listing(body: bytes) -> Listing:
    """Parse a page. Raises ListingFormatError if ``data`` is no list."""
    data = load_json("arbeitnow", body)
    postings, invalid = parse_rows(
        require_list("arbeitnow", data, "data"), to_posting, id_key="slug"
    )
    links = dict_of(dict_of(data).get("links"))
    return Listing(postings=postings, invalid=invalid, next_url=text_of(links.get("next")))


def to_posting(job: Row) -> Posting:
    return Posting(
        posting_id=require_text(job, "slug"),
        title=require_text(job, "title"),
        url=text_of(job.get("url")),
        description_html=text_of(job.get("description")),
        employer_text=text_of(job.get("company_name")),
        location_text=join_texts(
            [job.get("location"), "remote" if job.get("remote") is True else None]
        ),
        department=join_texts(list_of(job.get("tags"))),
        employment_type_text=join_texts(list_of(job.get("job_types"))),
        posted_date=epoch_date(job.get("created_at")),
    )


class ArbeitnowSpider(BoardSpider):
    """
    Publisher
      Arbeitnow, a job board for Germany with a public API
    Listing documentation
      https://www.arbeitnow.com/blog/job-board-api
    Terms
      Not read; the API is announced as public and keyless; robots.txt and TDM reservation obeyed at
      run time
    Robots
      Read at run time for www.arbeitnow.com; not read ahead
    Posted date means
      created_at: when Arbeitnow took the posting over, not when the employer published it
    Closes after
      2 nights: pages without a total
    Caveats
      An aggregator: its postings are employers' postings again. They are kept beside the panel and
      never counted in it. One board, whatever its name.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "arbeitnow"
    kind = "aggregator"
    listing_url = "https://www.arbeitnow.com/api/job-board-api"
    closes_after = 2
    parse_listing = staticmethod(parse_listing)

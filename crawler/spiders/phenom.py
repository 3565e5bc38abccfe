import re
from json import JSONDecoder

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_page
from crawler.parsing import (
    Row,
    by_offset,
    dict_of,
    parse_refs,
    raise_if_wall,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider

DATA = re.compile(r"phApp\.ddo\s*=\s*(?=\{)")


def parse_listing(body: bytes) -> Listing:
    """
    Parse a page of search results, from the data that the page draws itself from.

    Raises ListingFormatError if there is none.
    """
    html = body.decode("utf-8", "replace")
    found = DATA.search(html)
    if found is None:
        raise_if_wall("phenom", html)
        raise ListingFormatError("phenom: no 'phApp.ddo' in the page")
    try:
        data, _ = JSONDecoder(strict=False).raw_decode(html, found.end())
    except (ValueError, RecursionError) as error:
        raise ListingFormatError(f"phenom: 'phApp.ddo' can't be read ({error})") from error
    search = dict_of(dict_of(data).get("eagerLoadRefineSearch"))
    refs, invalid = parse_refs(
        require_list("phenom", dict_of(search.get("data")), "jobs"), to_ref, id_key="jobSeqNo"
    )
    total = search.get("totalHits")
    return Listing(
        refs=refs, invalid=invalid, declared_total=total if isinstance(total, int) else None
    )


def to_ref(job: Row) -> PostingRef:
    posting_id = require_text(job, "jobSeqNo")
    slug = re.sub(r"\W+", "-", require_text(job, "title"), flags=re.ASCII).strip("-") or "job"
    return PostingRef(
        posting_id=posting_id,
        url=f"job/{posting_id}/{slug}",
        revision=text_of(job.get("dateModified")) or text_of(job.get("postedDate")),
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    return posting_of_page("phenom", body, ref)


class PhenomSpider(BoardSpider):
    """
    Publisher
      Phenom, a careers site over an applicant tracking system
    Listing documentation
      none by the vendor; the shape is that of public clients of 2026
    Terms
      The site's own; not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each site; not read ahead
    Posted date means
      datePosted of the job's page, which the employer's own system states
    Closes after
      2 nights: pages of 10, counted anew while they are read
    Caveats
      The row's url is the site's page of search results (".../search-results"). The list has no
      text; pages carry JSON-LD. A site with a sitemap may as well be a board of jsonld, which finds
      the same pages but no total.
    Checked date
      2026-11-26 (public clients and a recorded page; no live request)
    """

    name = "phenom"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(by_offset("from"))
    parse_detail = staticmethod(parse_detail)

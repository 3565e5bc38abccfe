import re
from collections.abc import Iterable

import orjson

from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    Row,
    date_of,
    dict_of,
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

PAGE_SIZE = 20  # 21 is refused
TOTAL_CAP = 2_000  # totals stop here, and an offset of as much begins again with the first page
SPLIT_FACET = "jobFamilyGroup"
REQUISITION = re.compile(r"/[^/]*?_([^/_]+)$")  # "…/Data-Engineer_R-12-1": R-12-1


def parse_listing(body: bytes) -> Listing:
    """
    Parse one answer to a search.

    Total and facets come with the first page only, later ones say 0. Where the total stands at its
    cap the site is read facet by facet: the facets' sum is then the total, and `listing_urls` are
    their first pages. Without facets to split by, it is the cap and one more: never all read.

    Raises ListingFormatError if ``jobPostings`` is no list.
    """
    data = dict_of(load_json("workday", body))
    refs, invalid = parse_refs(require_list("workday", data, "jobPostings"), to_ref)
    total = data.get("total")
    if not isinstance(total, int) or (total == 0 and refs):
        return Listing(refs=refs, invalid=invalid)
    if total < TOTAL_CAP:
        return Listing(refs=refs, invalid=invalid, declared_total=total)
    groups = {
        group_id: count
        for group in groups_of(list_of(data.get("facets")))
        if (group_id := text_of(group.get("id")))
        and isinstance(count := group.get("count"), int)
        and count > 0
    }
    return Listing(
        refs=refs,
        invalid=invalid,
        declared_total=max(sum(groups.values()), TOTAL_CAP + 1),
        listing_urls=tuple(search({SPLIT_FACET: [group_id]}, 0) for group_id in groups),
    )


def groups_of(facets: Iterable[object]) -> list[Row]:
    """Return the values of the facet that a site is split by."""
    for facet in map(dict_of, facets):
        if facet.get("facetParameter") == SPLIT_FACET:
            return [dict_of(value) for value in list_of(facet.get("values"))]
    return []


def search(facets: Row, offset: int) -> str:
    """Write a search as the fragment of an address (BoardSpider.request_of)."""
    query = {"appliedFacets": facets, "limit": PAGE_SIZE, "offset": offset, "searchText": ""}
    return f"#{orjson.dumps(query).decode()}"


def page_after(listing: Listing, address: str) -> Listing:
    """
    Add the next page of the search at ``address``, until a page is empty or the cap is reached.

    A search within a facet declares nothing for the board, and is split no further.
    """
    query = dict_of(orjson.loads(address.partition("#")[2] or "{}"))
    facets, offset = dict_of(query.get("appliedFacets")), int(query.get("offset", 0))
    if listing.listing_urls and not facets:  # the groups' own pages begin with these rows
        return listing.model_copy(update={"refs": (), "invalid": ()})
    following = offset + PAGE_SIZE
    is_empty = not listing.refs and not listing.invalid
    is_read = listing.declared_total is not None and following >= listing.declared_total
    return listing.model_copy(
        update={
            "declared_total": listing.declared_total if not facets and not offset else None,
            "listing_urls": (),
            "next_url": search(facets, following)
            if not is_empty and not is_read and following < TOTAL_CAP
            else None,
        }
    )


def to_ref(row: Row) -> PostingRef:
    path = require_text(row, "externalPath")
    found = REQUISITION.search(path)
    return PostingRef(
        posting_id=found[1] if found else path.rpartition("/")[2], url=path.lstrip("/")
    )


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a job's answer; None if it is no longer posted. Raises ListingFormatError."""
    data = dict_of(load_json("workday", body))
    job = dict_of(data.get("jobPostingInfo"))
    if job.get("posted") is False:
        return None
    places = [job.get("location"), *list_of(job.get("additionalLocations"))]
    return Posting(
        posting_id=ref.posting_id,
        title=title_of("workday", ref, job, "title"),
        url=text_of(job.get("externalUrl")),
        description_html=text_of(job.get("jobDescription")),
        location_text=join_texts(
            [*places, dict_of(job.get("country")).get("descriptor"), job.get("remoteType")]
        ),
        employment_type_text=text_of(job.get("timeType")),
        requisition_id=text_of(job.get("jobReqId")),
        posted_date=date_of(job.get("startDate")),
        valid_through_date=date_of(job.get("endDate")),
    )


class WorkdaySpider(BoardSpider):
    """
    Publisher
      Workday, a personnel system with careers sites
    Listing documentation
      none by the vendor; the shape is that of public clients of 2026
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each tenant's host, whose robots.txt names its sites; not read ahead
    Posted date means
      startDate of the job's answer: when it was posted; the list says only "Posted 8 Days Ago",
      which is no date and is not read
    Closes after
      2 nights: pages of 20, counted anew while they are read
    Caveats
      The list is asked for by POST. A board is written "tenant/wd5/site". Sites of 2,000 and more
      are read by job family group; a group beyond that is read in part, and the night is partial.
      The id is what follows the title in the address (requisition and number of the posting),
      because the title is part of the address. The texts need an answer each and bear no stamp.
    Checked date
      2026-11-26 (public clients and recorded answers; no live request)
    """

    name = "workday"
    listing_url = "https://{part0}.{part1}.myworkdayjobs.com/wday/cxs/{part0}/{part2}/jobs"
    posts = search({}, 0)[1:]
    closes_after = 2
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(page_after)
    parse_detail = staticmethod(parse_detail)

import re
from urllib.parse import urlsplit

from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    Row,
    by_offset,
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

TEXTS = ("ExternalDescriptionStr", "ExternalResponsibilitiesStr", "ExternalQualificationsStr")
SITE = re.compile(r"siteNumber=([\w-]+)")
DETAIL = "recruitingCEJobRequisitionDetails?expand=all&onlyData=true&finder=ById;Id=%22{id}%22"


def parse_listing(body: bytes) -> Listing:
    """
    Parse one page of a site's search.

    Raises ListingFormatError if the one item of ``items`` has no ``requisitionList``.
    """
    items = require_list("oracle", load_json("oracle", body), "items")
    found = dict_of(items[0]) if items else {}
    refs, invalid = parse_refs(
        require_list("oracle", found, "requisitionList"), to_ref, id_key="Id"
    )
    total = found.get("TotalJobsCount")
    return Listing(
        refs=refs, invalid=invalid, declared_total=total if isinstance(total, int) else None
    )


def to_ref(row: Row) -> PostingRef:
    posting_id = require_text(row, "Id")
    return PostingRef(
        posting_id=posting_id,
        url=DETAIL.format(id=posting_id),
        revision=text_of(row.get("PostedDate")),
    )


def page_after(listing: Listing, address: str) -> Listing:
    """Add the next page, and to the details' addresses the site, which the answer doesn't name."""
    site = SITE.search(address)
    refs = [
        ref.model_copy(update={"url": f"{ref.url},{site[0]}"}) if site else ref
        for ref in listing.refs
    ]
    return by_offset("offset")(listing.model_copy(update={"refs": tuple(refs)}), address)


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a job's answer; None if it names no job any more. Raises ListingFormatError."""
    data = dict_of(load_json("oracle", body))
    items = data.get("items", [data])
    if items == []:
        return None
    job = dict_of(list_of(items)[0]) if list_of(items) else {}
    others = [dict_of(place).get("Name") for place in list_of(job.get("secondaryLocations"))]
    return Posting(
        posting_id=ref.posting_id,
        title=title_of("oracle", ref, job, "Title"),
        url=public_url(ref),
        description_html=join_texts((job.get(key) for key in TEXTS), "\n")
        or text_of(job.get("ShortDescriptionStr")),
        location_text=join_texts([job.get("PrimaryLocation"), *others, job.get("WorkplaceType")]),
        department=text_of(job.get("Department")) or text_of(job.get("Category")),
        employment_type_text=text_of(job.get("JobSchedule")),
        requisition_id=text_of(job.get("RequisitionId")),
        posted_date=date_of(job.get("ExternalPostedStartDate")),
        valid_through_date=date_of(job.get("ExternalPostedEndDate")),
        revision=ref.revision,
    )


def public_url(ref: PostingRef) -> str | None:
    """Return the address of the job's page, which no answer states."""
    site, host = SITE.search(ref.url), urlsplit(ref.url).netloc
    if not site or not host:
        return None
    pages = f"https://{host}/hcmUI/CandidateExperience/en/sites"
    return f"{pages}/{site[1]}/job/{ref.posting_id}"


class OracleSpider(BoardSpider):
    """
    Publisher
      Oracle Recruiting Cloud, a personnel system with careers sites
    Listing documentation
      https://docs.oracle.com/en/cloud/saas/human-resources/farws/ (recruitingCEJobRequisitions)
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each tenant's host; not read ahead
    Posted date means
      ExternalPostedStartDate: since when it is posted outside
    Closes after
      2 nights: pages of 25, counted anew while they are read
    Caveats
      A board is written "host/site" ("abcd.fa.us2/CX_1"). The texts need an answer each.
      Recorded answers leave out the total; then pages are read until one is empty.
    Checked date
      2026-11-26 (public clients and recorded answers; no live request)
    """

    name = "oracle"
    listing_url = (
        "https://{part0}.oraclecloud.com/hcmRestApi/resources/latest/recruitingCEJobRequisitions"
        "?onlyData=true&expand=requisitionList.secondaryLocations"
        "&finder=findReqs;siteNumber={part1},limit=25,sortBy=POSTING_DATES_DESC,offset=0"
    )
    closes_after = 2
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(page_after)
    parse_detail = staticmethod(parse_detail)

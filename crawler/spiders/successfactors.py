import re
import xml.etree.ElementTree as ET

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import Row, date_of, join_texts, parse_rows, parse_xml, require_text, text_of
from crawler.spiders.base import BoardSpider

NAMELESS = re.compile(rb"<>[^<]*</>")  # a field of the employer's without a name: no XML
COMPANY = re.compile(r"[?&]company=([^&#]+)")


def parse_listing(body: bytes) -> Listing:
    """Parse a company's feed. Raises ListingFormatError if its root isn't ``Job-Listing``."""
    root = parse_xml("successfactors", NAMELESS.sub(b"", body))
    if root.tag != "Job-Listing":
        raise ListingFormatError(f"successfactors: <{root.tag}> is no Job-Listing")
    postings, invalid = parse_rows(map(row_of, root.iter("Job")), to_posting, id_key="ReqId")
    return Listing(postings=postings, invalid=invalid)


def row_of(job: ET.Element) -> Row:
    """Return a job's fields; those that the employer names are told by their labels."""
    labelled = [(part.findtext("label") or "", part.findtext("value")) for part in job]
    return {
        **{part.tag: part.text for part in job},
        "place": of_label(labelled, "location|country|city|region|state"),
        "department": of_label(labelled, "area|function|category|department|division"),
        "employment": of_label(labelled, "type|contract|schedule"),
    }


def of_label(labelled: list[tuple[str, str | None]], words: str) -> str | None:
    return join_texts(
        value for label, value in labelled if re.search(rf"\b(?:{words})\b", label, re.IGNORECASE)
    )


def to_posting(job: Row) -> Posting:
    return Posting(
        posting_id=require_text(job, "ReqId"),
        title=require_text(job, "JobTitle"),
        description_html=text_of(job.get("Job-Description")),
        location_text=text_of(job["place"]),
        department=text_of(job["department"]),
        employment_type_text=text_of(job["employment"]),
        posted_date=date_of(job.get("Posted-Date")),
    )


def page_after(listing: Listing, address: str) -> Listing:
    """Give the postings the addresses of their pages, which the feed doesn't state."""
    company = COMPANY.search(address)
    if company is None:
        return listing
    page = f"{address.partition('?')[0]}?career_ns=job_listing&company={company[1]}"
    postings = [
        posting.model_copy(update={"url": f"{page}&career_job_req_id={posting.posting_id}"})
        for posting in listing.postings
    ]
    return listing.model_copy(update={"postings": tuple(postings)})


class SuccessFactorsSpider(BoardSpider):
    """
    Publisher
      SAP SuccessFactors, a personnel system with careers sites
    Listing documentation
      none by the vendor that we have read; the shape is that of a recorded feed of 2026
    Terms
      Not read; robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for each host; not read ahead
    Posted date means
      Posted-Date where the feed states it: most feeds have none
    Closes after
      1 night: the whole board in one answer
    Caveats
      A board is written "host/company" ("career5.successfactors.eu/Example"). Fields that the
      employer left without a name make the feed no XML ("<>577</>") and are cut out. Place,
      department and kind of employment are told by the employer's own labels. Sites on a host of
      their own, with a sitemap and JSON-LD, are boards of jsonld.
    Checked date
      2026-11-26 (a recorded feed; no live request)
    """

    name = "successfactors"
    listing_url = (
        "https://{part0}/career?company={part1}&career_ns=job_listing_summary&resultType=XML"
    )
    closes_after = 1
    accept = "application/xml, text/xml"
    parse_listing = staticmethod(parse_listing)
    page_after = staticmethod(page_after)

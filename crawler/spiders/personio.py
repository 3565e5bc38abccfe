from html import escape
from xml.etree.ElementTree import Element

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting
from crawler.parsing import (
    Row,
    date_of,
    join_texts,
    merge_places,
    parse_rows,
    parse_xml,
    pay_text,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider

PERIODS = {"hourly": "HOUR", "daily": "DAY", "weekly": "WEEK", "monthly": "MONTH", "yearly": "YEAR"}


def parse_listing(body: bytes) -> Listing:
    """Parse a feed. Raises ListingFormatError if its root isn't ``workzag-jobs``."""
    root = parse_xml("personio", body)
    if root.tag != "workzag-jobs":
        raise ListingFormatError(f"personio: <{root.tag}> is no feed of positions")
    postings, invalid = parse_rows(map(row_of, root.iter("position")), to_posting)
    return Listing(postings=merge_places(postings), invalid=invalid)


def row_of(position: Element) -> Row:
    fields: Row = {part.tag: part.text for part in position if len(part) == 0}
    salary = position.find("salaryInformation")
    return fields | {
        "offices": [
            fields.get("office"),
            *(office.text for office in position.iterfind("additionalOffices/office")),
        ],
        "sections": [
            f"<h3>{escape(part.findtext('name') or '')}</h3>{part.findtext('value') or ''}"
            for part in position.iterfind("jobDescriptions/jobDescription")
        ],
        "salary": {part.tag: part.text for part in salary} if salary is not None else {},
    }


def to_posting(position: Row) -> Posting:
    salary = position["salary"]
    return Posting(
        posting_id=require_text(position, "id"),
        title=require_text(position, "name"),
        description_html=join_texts(position["sections"], "\n"),
        location_text=join_texts(position["offices"]),
        department=text_of(position.get("department")),
        employment_type_text=join_texts([position.get("employmentType"), position.get("schedule")]),
        salary_text=pay_text(
            salary.get("min"),
            salary.get("max"),
            salary.get("currencyCode"),
            PERIODS.get(salary.get("type") or ""),
        ),
        posted_date=date_of(position.get("createdAt")),
    )


class PersonioSpider(BoardSpider):
    """
    Publisher
      Personio, an applicant tracking system
    Listing documentation
      https://developer.personio.de/docs/retrieving-open-job-positions
    Terms
      Documented by the vendor for showing an employer's positions, without credentials
    Robots
      Read at run time for each board's host; open on accounts, as public clients report
    Posted date means
      createdAt: when the position was created, which may be before it was published
    Closes after
      1 night: the whole feed in one answer
    Caveats
      Texts come in the language asked for, and only if they exist in it. The feed has no address
      of the posting, no total and no stamp of change. Clients disagree on what an
      unknown company answers, a 404 or an empty feed. A DTD is refused.
    Checked date
      2026-11-26 (public clients and recorded feeds; no live request)
    """

    name = "personio"
    listing_url = "https://{board}.jobs.personio.de/xml?language=en"
    closes_after = 1
    accept = "application/xml"
    parse_listing = staticmethod(parse_listing)

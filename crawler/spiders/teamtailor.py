from crawler.items import Listing, Posting
from crawler.job_posting import posting_of_ad
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
    return parse_feed("teamtailor", body)


def parse_feed(source: str, body: bytes) -> Listing:
    """Parse a page of a JSON Feed. Raises ListingFormatError if ``items`` is no list."""
    data = load_json(source, body)
    postings, invalid = parse_rows(require_list(source, data, "items"), to_posting)
    return Listing(
        postings=postings, invalid=invalid, next_url=text_of(dict_of(data).get("next_url"))
    )


def to_posting(item: Row) -> Posting:
    posting_id, title, url = require_text(item, "id"), require_text(item, "title"), item.get("url")
    ad = {"title": title, **dict_of(item.get("_jobposting"))}
    posting = posting_of_ad(ad, text_of(url) or posting_id)
    return posting.model_copy(
        update={
            "posting_id": posting_id,
            "title": title,
            "url": text_of(url),
            "description_html": text_of(item.get("content_html"))
            or posting.description_html
            or text_of(item.get("content_text")),
            "employer_text": None,
            "posted_date": date_of(item.get("date_published")) or posting.posted_date,
            "revision": text_of(item.get("date_modified")),
        }
    )


class TeamtailorSpider(BoardSpider):
    """
    Publisher
      Teamtailor, an applicant tracking system
    Listing documentation
      https://support.teamtailor.com/en/articles/11171756-rss-feed-how-to-guide
    Terms
      "Note that all of the data is publicly available" (vendor's page, as a public client quotes it)
    Robots
      Read at run time for each board's host; the vendor's own careers site signals search yes,
      ai-input yes, ai-train no
    Posted date means
      date_published of the feed's item, in the zone it names
    Closes after
      2 nights: pages of 100, without a total
    Caveats
      The feed's own title is the employer. The item carries a schema.org JobPosting, from which
      place, pay and kind of employment are read. North American boards live on
      <board>.na.teamtailor.com: write the board as "<board>.na".
    Checked date
      2026-11-26 (public clients and recorded feeds; no live request)
    """

    name = "teamtailor"
    listing_url = "https://{board}.teamtailor.com/jobs.json"
    closes_after = 2
    parse_listing = staticmethod(parse_listing)

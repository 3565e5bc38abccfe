from crawler.spiders import lever
from crawler.spiders.base import BoardSpider


class LeverEuSpider(BoardSpider):
    """
    Publisher
      Lever, an applicant tracking system: its European instance
    Listing documentation
      https://github.com/lever/postings-api
    Terms
      Those of lever: published postings "may be scraped by third parties" (vendor documentation)
    Robots
      Read at run time for api.eu.lever.co; not read ahead
    Posted date means
      createdAt: when the posting was created, in UTC; it may have been published later
    Closes after
      1 night: the whole board in one answer
    Caveats
      A board lives on one of the two instances; on the other it is a 404. Else as lever.
    Checked date
      2026-11-26 (documentation; no live request)
    """

    name = "lever_eu"
    listing_url = "https://api.eu.lever.co/v0/postings/{board}?mode=json"
    closes_after = 1
    parse_listing = staticmethod(lever.parse_listing)

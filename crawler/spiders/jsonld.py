import re

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.job_posting import posting_of_ad, posting_of_page
from crawler.jsonld_blocks import job_postings
from crawler.parsing import parse_rows, parse_xml, raise_if_wall, text_of, unpack
from crawler.spiders.base import BoardSpider

# Of an address's path: a word for jobs, then at least one more part.
JOB_PATH = re.compile(
    r"/[\w-]*(?:jobs?|careers?|positions?|openings?|vacanc(?:y|ies)|opportunit(?:y|ies)|recruit\w*"
    r"|kyujin|saiyou?|stellen\w*|offres?|hiring)[/._-].*[^/]",
    re.IGNORECASE,
)
BUILD_STAMP_MIN = 20  # pages; fewer may well have changed on one day
NOT_A_JOB = re.compile(r"/(?:blog|news)/|/(?:index|search)\b[^/]*$", re.IGNORECASE)


def parse_listing(body: bytes) -> Listing:
    """
    Parse a robots.txt, a sitemap index, a sitemap or a list page, whichever the board names.

    Raises ListingFormatError for anything else.
    """
    body = unpack("jsonld", body)
    if not body.lstrip().startswith(b"<"):
        return Listing(listing_urls=sitemaps_of_robots(body))
    if b"<html" in body[:2000].lower():
        return parse_list_page(body)
    root = parse_xml("jsonld", body)
    kind = local_name(root.tag)
    entries = [{local_name(part.tag): part.text for part in entry} for entry in root]
    if kind == "sitemapindex":
        return Listing(
            listing_urls=tuple(url for entry in entries if (url := text_of(entry.get("loc"))))
        )
    if kind != "urlset":
        raise ListingFormatError(f"jsonld: <{kind}> is no sitemap")
    pages = {
        url: text_of(entry.get("lastmod"))
        for entry in entries
        if (url := text_of(entry.get("loc"))) and is_job_page(url)
    }
    is_trusted = not is_build_stamp(list(pages.values()))
    return Listing(
        refs=tuple(
            PostingRef(posting_id=url, url=url, revision=lastmod if is_trusted else None)
            for url, lastmod in pages.items()
        )
    )


def is_build_stamp(lastmods: list[str | None]) -> bool:
    """Say whether all pages changed on one day: the day the site was built, not theirs."""
    return len(lastmods) >= BUILD_STAMP_MIN and len({(stamp or "")[:10] for stamp in lastmods}) == 1


def sitemaps_of_robots(body: bytes) -> tuple[str, ...]:
    """Raises ListingFormatError if no line names a sitemap."""
    found = re.findall(r"(?im)^\s*sitemap:\s*(\S+)", body.decode("utf-8", "replace"))
    if not found:
        raise ListingFormatError(f"jsonld: no sitemap and no 'Sitemap:' line in {body[:60]!r}")
    return tuple(dict.fromkeys(found))


def parse_list_page(body: bytes) -> Listing:
    """Parse a page of several ads. Raises ListingFormatError if it holds no JobPosting."""
    html = body.decode("utf-8", "replace")
    ads, unreadable = job_postings(html)
    if not ads:
        raise_if_wall("jsonld", html)
        raise ListingFormatError(f"jsonld: a page without JobPosting ({unreadable} unreadable)")
    postings, invalid = parse_rows(ads, posting_of_ad, id_key="url")
    return Listing(postings=postings, invalid=invalid)


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    return posting_of_page("jsonld", body, ref)


def is_job_page(url: str) -> bool:
    path = re.sub(r"^[^/]*//[^/]*|[?#].*", "", url)  # urlsplit raises on a lone bracket
    return JOB_PATH.search(path) is not None and NOT_A_JOB.search(path) is None


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


class JsonLdSpider(BoardSpider):
    """
    Publisher
      Any employer's own site whose job pages carry schema.org JobPosting
    Listing documentation
      https://schema.org/JobPosting and https://www.sitemaps.org/protocol.html
    Terms
      The site's own; read them before a board is added and write the date into its note
    Robots
      Read at run time for each site
    Posted date means
      datePosted; sites refresh it. lastmod is no date of posting; where all pages bear one day it
      isn't even a stamp of change
    Closes after
      2 nights: pages are found by sitemap, which lags and is read in parts
    Caveats
      The row's url names a robots.txt, a sitemap or a list page. Of a sitemap only addresses that
      look like job pages are read. The id is the address; the identifier is the requisition. A
      page that lost its JobPosting counts as closed. Ads drawn by script are not seen.
    Checked date
      2026-11-26 (schema documentation and recorded pages; no live request)
    """

    name = "jsonld"
    closes_after = 2
    accept = "text/html, application/xml;q=0.9"
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

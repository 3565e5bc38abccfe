"""A schema.org JobPosting as a Posting: for every source whose pages carry JSON-LD."""

import re
from typing import Any

from crawler.errors import ListingFormatError
from crawler.items import Posting, PostingRef
from crawler.jsonld_blocks import job_postings
from crawler.parsing import (
    TITLE_MAX,
    Row,
    RowError,
    date_of,
    dict_of,
    join_texts,
    pay_text,
    raise_if_wall,
    require_text,
    text_of,
)

HTML_LANG = re.compile(r'<html[^>]*\blang="([\w-]+)"', re.IGNORECASE)


def posting_of_page(source: str, body: bytes, ref: PostingRef) -> Posting | None:
    """
    Parse a page of one ad; None if it holds no JobPosting, which is how a filled job is marked.

    The id is the reference's, so that list and page agree; the page's identifier becomes the
    requisition. Raises ListingFormatError if the ad can't be read, WallError for a login page.
    """
    html = body.decode("utf-8", "replace")
    ads, unreadable = job_postings(html)
    if not ads:
        raise_if_wall(source, html)
        if unreadable:
            raise ListingFormatError(f"{source}: {ref.url}: the JobPosting can't be read")
        return None
    try:
        posting = posting_of_ad(choose(ads, ref.url), ref.url)
    except RowError as error:
        raise ListingFormatError(f"{source}: {ref.url}: the JobPosting has {error}") from error
    language = HTML_LANG.search(html[:4000])
    return posting.model_copy(
        update={
            "posting_id": ref.posting_id,
            "url": ref.url,
            "title": posting.title[:TITLE_MAX],
            "language_hint": posting.language_hint or (language[1] if language else None),
            "revision": ref.revision or posting.revision,
        }
    )


def choose(ads: list[Row], url: str) -> Row:
    """Return the ad whose address or identifier is in ``url``, else the first."""
    tokens = set(re.split(r"[/?&=#.]", url))
    mine = [ad for ad in ads if text_of(ad.get("url")) == url or identifier_of(ad) in tokens]
    return (mine or ads)[0]


def posting_of_ad(ad: Row, page_url: str | None = None) -> Posting:
    """Raises RowError without a title, or without identifier, url and ``page_url``."""
    url = text_of(ad.get("url")) or page_url
    identifier = identifier_of(ad)
    posting_id = identifier or url
    if posting_id is None:
        raise RowError("no identifier and no url")
    description = text_of(ad.get("description"))
    return Posting(
        posting_id=posting_id,
        title=require_text(ad, "title"),
        url=url,
        description_html=re.sub(r"\\[nrt]", "\n", description) if description else None,
        employer_text=join_texts(name_of(one) for one in as_list(ad.get("hiringOrganization"))),
        location_text=join_texts(
            [
                *(place_of(place) for place in as_list(ad.get("jobLocation"))),
                *as_list(ad.get("jobLocationType")),
                *(name_of(area) for area in as_list(ad.get("applicantLocationRequirements"))),
            ]
        ),
        employment_type_text=join_texts(as_list(ad.get("employmentType"))),
        salary_text=join_texts(pay_of(pay) for pay in as_list(ad.get("baseSalary"))),
        language_hint=text_of(ad.get("inLanguage")),
        requisition_id=identifier,
        posted_date=date_of(ad.get("datePosted")),
        valid_through_date=date_of(ad.get("validThrough")),
        revision=text_of(ad.get("dateModified")),
    )


def identifier_of(ad: Row) -> str | None:
    """Return the value of ``identifier``, never its name, which is often the employer's."""
    identifier = ad.get("identifier")
    return text_of(identifier) or text_of(dict_of(identifier).get("value"))


def place_of(place: object) -> str | None:
    """Write a Place as "locality, region, country"; whatever it has of these."""
    address = dict_of(place).get("address", place)
    parts = dict_of(address)
    fields = ("addressLocality", "addressRegion", "addressCountry")
    written = join_texts((name_of(parts.get(field)) for field in fields), ", ")
    return written or text_of(parts.get("streetAddress")) or name_of(address) or name_of(place)


def pay_of(pay: object) -> str | None:
    """Write a MonetaryAmount, whose value is an object, a number or a text."""
    amount = dict_of(pay)
    value = amount.get("value", amount or pay)
    parts = dict_of(value) or {"value": value}
    low, high = (parts.get(key, parts.get("value")) for key in ("minValue", "maxValue"))
    currency = amount.get("currency") or parts.get("currency")
    return pay_text(
        low, high, currency, parts.get("unitText") or amount.get("unitText")
    ) or text_of(value)


def name_of(thing: object) -> str | None:
    return text_of(thing) or text_of(dict_of(thing).get("name"))


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""A schema.org JobPosting as a Posting: for every source whose pages carry JSON-LD."""

import re
from typing import Any

from crawler.items import Posting
from crawler.parsing import (
    Row,
    RowError,
    date_of,
    dict_of,
    join_texts,
    pay_text,
    require_text,
    text_of,
)


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

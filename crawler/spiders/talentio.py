import re
from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import ListingFormatError
from crawler.items import Listing, Posting, PostingRef
from crawler.parsing import (
    TITLE_MAX,
    Row,
    RowError,
    date_of,
    dict_of,
    join_texts,
    list_of,
    load_json,
    raise_if_wall,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider

PAGE_URL = re.compile(r"/r/\d+/c/[^/]+/pages/(\d+)$")
HOME_URL = re.compile(r"/r/\d+/c/[^/]+/homes/\d+$")


def parse_listing(body: bytes) -> Listing:
    """
    Parse a company's page: the postings of its groups, or else the homes that hold them.

    Raises ListingFormatError if the page embeds no data.
    """
    props = props_of(body)
    if props is None:
        raise_if_wall("talentio", body.decode("utf-8", "replace"))
        raise ListingFormatError("talentio: no 'data-react-props' that can be read")
    home = dict_of(props.get("recruitmentOpenPageHome"))
    refs: dict[str, PostingRef] = {}
    homes: dict[str, None] = {}
    for text in texts_of(home or props):
        if found := PAGE_URL.search(text):
            refs[found[1]] = PostingRef(posting_id=found[1], url=text)
        elif HOME_URL.search(text):
            homes[text] = None
    if not home and not refs and not homes:
        raise ListingFormatError(f"talentio: no home and no pages; keys are {sorted(props)[:12]}")
    return Listing(refs=tuple(refs.values()), listing_urls=() if home else tuple(homes))


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse a posting's page; None if its data has no posting. Raises ListingFormatError."""
    props = props_of(body)
    if props is None:
        raise_if_wall("talentio", body.decode("utf-8", "replace"))
        raise ListingFormatError(f"talentio: {ref.url}: no 'data-react-props' that can be read")
    page = dict_of(props.get("recruitmentOpenPage"))
    if not page:
        return None
    details = [
        (text_of(detail.get("name")) or "", values_of(detail.get("value")))
        for key in ("requisitionDetails", "jobDescriptionDetails")
        for detail in map(dict_of, list_of(page.get(key)))
    ]
    try:
        title = require_text(page, "name")[:TITLE_MAX]
    except RowError as error:
        raise ListingFormatError(f"talentio: {ref.url}: the posting has {error}") from error
    return Posting(
        posting_id=ref.posting_id,
        title=title,
        url=ref.url,
        description_html="\n".join(section(name, values) for name, values in details if values)
        or None,
        location_text=field_of(details, "勤務地|location"),
        employment_type_text=field_of(details, "雇用形態|employment"),
        salary_text=field_of(details, "給与|年収|想定報酬|salary|compensation"),
        language_hint=text_of(page.get("language")),
        requisition_id=text_of(page.get("requisitionId")),
        posted_date=date_of(page.get("publishedAt")),
    )


def props_of(body: bytes) -> Row | None:
    """Return the data that the page draws itself from, unescaped by the HTML parser."""
    node = LexborHTMLParser(body.decode("utf-8", "replace")).css_first("[data-react-props]")
    props = node.attributes["data-react-props"] if node else None
    return dict_of(load_json("talentio", props.encode())) if props else None


def texts_of(data: object) -> Iterator[str]:
    """Yield every text in ``data``, in order."""
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            pending.extend(reversed(list(value.values()) if isinstance(value, dict) else value))


def values_of(value: object) -> list[str]:
    return [
        text for one in (value if isinstance(value, list) else [value]) if (text := text_of(one))
    ]


def section(name: str, values: list[str]) -> str:
    text = "<br>".join(escape(value).replace("\n", "<br>") for value in values)
    return f"<h3>{escape(name)}</h3><p>{text}</p>"


def field_of(details: list[tuple[str, list[str]]], heading: str) -> str | None:
    """Return the values below the first heading that matches."""
    return next(
        (join_texts(values) for name, values in details if re.search(heading, name, re.IGNORECASE)),
        None,
    )


class TalentioSpider(BoardSpider):
    """
    Publisher
      Talentio, an applicant tracking system used in Japan
    Listing documentation
      none for the open pages; the documented API is for candidates and keyed
    Terms
      Not read (https://www.talentio.com/terms); robots.txt and TDM reservation obeyed at run time
    Robots
      Read at run time for open.talentio.com; not read ahead
    Posted date means
      publishedAt of the posting's page, where it is stated
    Closes after
      2 nights: pages drawn from embedded data, without a total
    Caveats
      Texts need a page each. A company's root leads to its homes, which group the postings; one
      posting may stand in several groups. Pay and place are the values below their headings.
    Checked date
      2026-11-26 (public clients; no live request, no recorded answer)
    """

    name = "talentio"
    listing_url = "https://open.talentio.com/r/1/c/{board}"
    closes_after = 2
    accept = "text/html"
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)

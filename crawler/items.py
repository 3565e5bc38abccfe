"""What a source may say. Nothing here is inferred: judgement comes later, in the pipeline."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Posting(Item):
    """One advertisement, as its source states it. Dates are the source's claims."""

    posting_id: str  # the source's own id, verbatim
    title: str
    url: str | None = None
    description_html: str | None = None
    employer_text: str | None = None  # only where a board carries several employers
    location_text: str | None = None
    department: str | None = None
    employment_type_text: str | None = None
    salary_text: str | None = None
    language_hint: str | None = None
    requisition_id: str | None = None
    posted_date: date | None = None
    valid_through_date: date | None = None
    revision: str | None = None  # the source's token of change: an update stamp, a lastmod


class InvalidPosting(Item):
    """A row that can't be kept, and why: counted and flagged, never dropped in silence."""

    posting_id: str | None
    reason: str


class PostingRef(Item):
    """A posting that the list names without its text; its detail page holds the rest."""

    posting_id: str
    url: str
    revision: str | None = None


class Listing(Item):
    """
    One page of a board.

    `declared_total` is what the board itself says it lists: 0 is evidence of a real zero, None
    says nothing. `next_url` leads to the next page, `listing_urls` to further parts of the list
    (the sitemaps of an index), `refs` to detail pages. Addresses may be relative to the page's.
    `row_keys` counts the source's rows by their keys, for noticing when its format changes.
    """

    postings: tuple[Posting, ...] = ()
    refs: tuple[PostingRef, ...] = ()
    invalid: tuple[InvalidPosting, ...] = ()
    declared_total: int | None = None
    next_url: str | None = None
    listing_urls: tuple[str, ...] = ()
    row_keys: dict[str, int] = {}


class UnitRef(Item):
    """One unit of a source whose registry row stands for several: a monthly thread."""

    board: str  # its name in the store, sorting oldest to newest: `2015-06`
    url: str


class Index(Item):
    """One page of the index of such a source; `index_urls` lead to further parts of it."""

    units: tuple[UnitRef, ...] = ()
    next_url: str | None = None
    index_urls: tuple[str, ...] = ()

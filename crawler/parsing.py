"""What all sources share: reading JSON that may be broken, dates, pay, and rows that can't be kept."""

import json
import math
import re
import unicodedata
import xml.etree.ElementTree as ET
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import orjson

from crawler.drift import ROWS
from crawler.errors import ListingFormatError, WallError
from crawler.items import InvalidPosting, Listing, Posting, PostingRef

Row = dict[str, Any]

UNPACKED_MAX = 64 * 1024 * 1024  # bytes; a sitemap may have 50 MB
TITLE_MAX = 300  # characters; method fault 45
YEAR_MIN, YEAR_MAX = 1990, 2100  # outside: 1970-01-01 and 9999 are fillers, not dates

# An escape that JSON knows (group 1), half of a surrogate pair, or a lone backslash.
_ESCAPE = re.compile(
    r'\\(?:(["\\/bfnrt]|u[dD][89abAB]..\\u[dD][c-fC-F]..|u(?![dD][89a-fA-F])[\da-fA-F]{4})|u[dD][\da-fA-F]{3})?'
)
_WALL = re.compile(
    r"<title>[^<]*(?:just a moment|attention required|access denied|verify (?:that )?you are human|"
    r"are you a robot|robot check|security check|\bsign ?in\b|\blog ?in\b|before you continue|ログイン)"
    r"|_cf_chl_opt|px-captcha|captcha-delivery\.com",
    re.IGNORECASE,
)
_ERA_FIRST_YEAR = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926}
_ERA = re.compile(
    r"(令和|平成|昭和|[RHS])\s*(元|\d{1,2})(?:年|[./-])\s*(\d{1,2})(?:月|[./-])\s*(\d{1,2})日?"
)
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:年|[./-])\s*(\d{1,2})(?:月|[./-])\s*(\d{1,2})(?:日|(?=[T\s])|$)"
)


_row_keys: ContextVar[Counter[str] | None] = ContextVar("row_keys", default=None)


class RowError(Exception):
    """One row of a listing can't be kept; the message is the reason that is recorded."""


def load_json(source: str, body: bytes) -> object:
    """
    Read a body as JSON, strictly first.

    Then forgiving what costs a character and not a board: raw control characters, lone
    backslashes, half surrogate pairs, NaN and Infinity (read as null).

    Raises WallError for a challenge or login page, ListingFormatError for everything else that
    isn't JSON, nesting beyond the parser's depth included.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as strict_error:
        try:
            return load_json_tolerant(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise_if_wall(source, body.decode("utf-8", "replace"))
            raise ListingFormatError(
                f"{source}: the body isn't JSON ({strict_error}); it begins {body[:60]!r}"
            ) from strict_error


def load_json_tolerant(text: str) -> object:
    """Raises ValueError or RecursionError."""
    known_escapes = _ESCAPE.sub(lambda found: found[0] if found[1] else "", text)
    return json.loads(known_escapes, strict=False, parse_constant=lambda _: None)


def unpack(source: str, body: bytes) -> bytes:
    """Unpack a gzipped body, at most 64 MiB. Raises ListingFormatError for more, or for a cut one."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)  # 31: with gzip's header
    try:
        unpacked = unpacker.decompress(body, UNPACKED_MAX)
    except zlib.error as error:
        raise ListingFormatError(f"{source}: a broken gzip body ({error})") from error
    if not unpacker.eof:
        raise ListingFormatError(f"{source}: a gzip body that is cut or over {UNPACKED_MAX} bytes")
    return unpacked


def raise_if_wall(source: str, html: str) -> None:
    """Raises WallError if a page that isn't what was asked for is a challenge or a login page."""
    if found := _WALL.search(html[:200_000]):
        raise WallError(f"{source}: a challenge or login page ({' '.join(found[0].split())!r})")


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, _pubid: str | None, _system: str | None) -> None:
        raise ValueError(f"the document type {name!r} is declared, which may hold an entity bomb")


def parse_xml(source: str, body: bytes) -> ET.Element:
    """Read a feed. Raises ListingFormatError if it isn't XML or brings a DTD (method fault 42)."""
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - DTDs, and with them entities, are refused
    try:
        return ET.fromstring(body, parser=parser)  # noqa: S314 - DTDs, and with them entities, are refused
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ListingFormatError(
            f"{source}: no XML to read ({error}); it begins {body[:60]!r}"
        ) from error


def require_list(source: str, data: object, key: str) -> list[Any]:
    """
    Return ``data[key]``, which an empty board sends as an empty list.

    Raises ListingFormatError if it is missing or something else: a changed API.
    """
    if not isinstance(data, dict):
        raise ListingFormatError(f"{source}: an object was expected, not {type(data).__name__}")
    rows = data.get(key)
    if not isinstance(rows, list):
        raise ListingFormatError(
            f"{source}: '{key}' is {type(rows).__name__}, not a list; keys are {sorted(data)[:12]}"
        )
    return rows


@contextmanager
def counted_keys() -> Iterator[Counter[str]]:
    """Count the rows that `parse_rows` and `parse_refs` are given, by their keys and in all (ROWS)."""
    counts: Counter[str] = Counter()
    token = _row_keys.set(counts)
    try:
        yield counts
    finally:
        _row_keys.reset(token)


def _count_keys(rows: Sequence[object]) -> None:
    counts = _row_keys.get()
    if counts is not None:
        objects = [row for row in rows if isinstance(row, dict)]
        counts.update(chain.from_iterable(objects))
        counts[ROWS] += len(objects)


def parse_rows(
    rows: Iterable[object],
    to_posting: Callable[[Row], Posting | None],
    *,
    id_key: str = "id",
) -> tuple[tuple[Posting, ...], tuple[InvalidPosting, ...]]:
    """
    Turn rows into postings; a row that can't be kept becomes an InvalidPosting.

    None from ``to_posting`` is a row that the source itself says is not public. A title over 300
    characters is cut, and flagged by an InvalidPosting of the same id.
    """
    postings: list[Posting] = []
    invalid: list[InvalidPosting] = []
    rows = list(rows)
    _count_keys(rows)
    for row in rows:
        if not isinstance(row, dict):
            reason = f"the row is {type(row).__name__}, not an object"
            invalid.append(InvalidPosting(posting_id=None, reason=reason))
            continue
        try:
            posting = to_posting(row)
        except RowError as error:
            invalid.append(InvalidPosting(posting_id=text_of(row.get(id_key)), reason=str(error)))
            continue
        if posting is None:
            continue
        if len(posting.title) > TITLE_MAX:
            reason = f"title of {len(posting.title)} characters cut to {TITLE_MAX}"
            invalid.append(InvalidPosting(posting_id=posting.posting_id, reason=reason))
            posting = posting.model_copy(update={"title": posting.title[:TITLE_MAX]})
        postings.append(posting)
    return tuple(postings), tuple(invalid)


def parse_refs(
    rows: Iterable[object], to_ref: Callable[[Row], PostingRef], *, id_key: str = "id"
) -> tuple[tuple[PostingRef, ...], tuple[InvalidPosting, ...]]:
    """Turn rows without texts into references, each id once; see `parse_rows`."""
    refs: dict[str, PostingRef] = {}
    invalid: list[InvalidPosting] = []
    rows = list(rows)
    _count_keys(rows)
    for row in rows:
        try:
            ref = to_ref(dict_of(row))
        except RowError as error:
            posting_id = text_of(dict_of(row).get(id_key))
            invalid.append(InvalidPosting(posting_id=posting_id, reason=str(error)))
            continue
        refs.setdefault(ref.posting_id, ref)
    return tuple(refs.values()), tuple(invalid)


def merge_places(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Join rows of one id, which some systems send once for each place, into one posting."""
    merged: dict[str, Posting] = {}
    for posting in postings:
        first = merged.setdefault(posting.posting_id, posting)
        places = join_texts(
            place for one in (first, posting) for place in (one.location_text or "").split("; ")
        )
        merged[posting.posting_id] = first.model_copy(update={"location_text": places})
    return tuple(merged.values())


def require_text(row: Row, key: str) -> str:
    """Raises RowError if the row has no usable value there."""
    value = text_of(row.get(key))
    if value is None:
        raise RowError(f"no {key}")
    return value


def title_of(source: str, ref: PostingRef, row: Row, key: str) -> str:
    """Return the title of a detail answer. Raises ListingFormatError if it has none."""
    title = text_of(row.get(key))
    if title is None:
        raise ListingFormatError(f"{source}: {ref.url}: no {key}; keys are {sorted(row)[:12]}")
    return title[:TITLE_MAX]


def text_of(value: object) -> str | None:
    """Return a string or whole number as text, anything else (a changed type, blank) as None."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def dict_of(value: object) -> Row:
    """Return an object as it is, and anything else as an empty one: the field is then missing."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def join_texts(values: Iterable[object], separator: str = "; ") -> str | None:
    """Join what is text, each value once, in order."""
    texts = dict.fromkeys(text for value in values if (text := text_of(value)))
    return separator.join(texts) or None


def date_of(value: object) -> date | None:
    """
    Read a written date whose order is certain.

    ISO 8601 (the day as written, in the zone it names), 2026/10/01, 2026年10月1日,
    令和8年10月1日, full-width digits. Relative dates ("3 days ago"), 10/11/26 and years outside
    1990 to 2100 are None: never guessed.
    """
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    if era := _ERA.fullmatch(text):
        year = 1 if era[2] == "元" else int(era[2])
        return _day(_ERA_FIRST_YEAR[era[1]] + year - 1, era[3], era[4]) if year else None
    if match := _YEAR_FIRST.match(text):
        return _day(int(match[1]), match[2], match[3])
    return None


def epoch_date(value: object, *, per_second: int = 1) -> date | None:
    """Return the UTC day of an epoch stamp; ``per_second`` is 1000 where it is in milliseconds."""
    number = number_of(value)
    if number is None or not 0 < number / per_second < 4_102_444_800:  # noqa: PLR2004 - year 2100
        return None
    day = datetime.fromtimestamp(number / per_second, UTC).date()
    return day if day.year >= YEAR_MIN else None


def _day(year: int, month: str, day: str) -> date | None:
    try:
        found = date(year, int(month), int(day))
    except ValueError:
        return None
    return found if YEAR_MIN <= found.year <= YEAR_MAX else None


def number_of(value: object) -> float | None:
    """Return a finite number; numbers written as text ("1200000", "1,200,000") count."""
    if isinstance(value, str):
        value = value.replace(",", "").strip()
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def pay_text(
    minimum: object, maximum: object, currency: object = None, period: object = None
) -> str | None:
    """
    Write stated pay in one form: "JPY 6000000-9000000 YEAR".

    An open end stays open ("USD 200000- YEAR"); what is missing is left out, never imputed.
    """
    low, high = (
        "" if (number := number_of(value)) is None else f"{number:.15g}"
        for value in (minimum, maximum)
    )
    if not low and not high:
        return None
    amount = low if low == high else f"{low}-{high}"
    return " ".join(part for part in (text_of(currency), amount, text_of(period)) if part)


def by_offset(parameter: str) -> Callable[[Listing, str], Listing]:
    """
    Return a `page_after` for lists whose next page begins behind the rows of this one.

    It goes on until the declared total; without one, until a page is empty.
    """

    def page_after(listing: Listing, address: str) -> Listing:
        rows = len(listing.postings) + len(listing.refs) + len(listing.invalid)
        offset = offset_of(parameter, address) + rows
        total = listing.declared_total
        if not rows or (total is not None and offset >= total):
            return listing
        return listing.model_copy(update={"next_url": with_parameter(address, parameter, offset)})

    return page_after


def offset_of(parameter: str, address: str) -> int:
    found = re.search(rf"[?&;,]{parameter}=(\d+)", address)
    return int(found[1]) if found else 0


def with_parameter(address: str, parameter: str, value: int) -> str:
    """Set a number in a query, or in a finder within one ("findReqs;siteNumber=CX_1,offset=0")."""
    text, found = re.subn(rf"(?<=[?&;,]){parameter}=\d*", f"{parameter}={value}", address, count=1)
    return text if found else f"{address}{'&' if '?' in address else '?'}{parameter}={value}"

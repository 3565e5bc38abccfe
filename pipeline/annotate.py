"""
Anyone's own postings, read by the pipeline of the night: lines in, records out, in order.

Input is JSON lines with any of `id`, `title`, `text`, `employer`, `source`, or CSV with a `title`
column. A record says what `to_record` lists: roles and mentions by the ids of the taxonomy, skills
in the posting's own words, pay as {min, max, currency, period}, and under `spans` the places that
say so, as offsets into the field as given. A line that can't be read gives a record of its `id`
(or line number) and `error`, and the lines after it are read all the same.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, tee
from typing import Any, BinaryIO, Literal, NamedTuple

from pipeline.extraction import Extraction, Posting, Span
from pipeline.extractor import extract_batch
from pipeline.processes import map_batches

InputFormat = Literal["csv", "jsonl"]
Record = dict[str, Any]

FIELDS = ("title", "text", "employer", "source")
HEAD_BYTES = 65_536  # read to tell the format
DELIMITERS = ",\t;"
LONGEST_CELL = 2**31 - 1  # characters

_SURROGATE = re.compile("[\ud800-\udfff]")


class InputError(ValueError):
    """The input as a whole can't be read."""


class Item(NamedTuple):
    """An input line: a posting to read, or what is wrong with it."""

    id: str | int | float
    posting: Posting | None
    error: str = ""


def annotate(
    lines: Iterable[str], input_format: InputFormat, *, workers: int = 1
) -> Iterator[Record]:
    """Yield a record for each posting of the input, in order. Raises InputError for a bad header."""
    items, again = tee(_csv_items(lines) if input_format == "csv" else _json_items(lines))
    postings = (item.posting.model_dump() for item in items if item.posting)
    records = chain.from_iterable(map_batches(_to_records, postings, workers))
    for item in again:
        if item.posting:
            yield {"id": item.id, **next(records)}
        else:
            yield {"id": item.id, "error": item.error}


def _to_records(postings: list[dict[str, str]]) -> list[Record]:
    return [to_record(one) for one in extract_batch([Posting(**fields) for fields in postings])]


def open_lines(stream: BinaryIO) -> tuple[Iterator[str], InputFormat]:
    """
    Return the lines of a stream, decoded, and their format, told by its first bytes.

    JSON lines are UTF-8 and read as they come; bytes that aren't UTF-8 become lone surrogates,
    which `annotate` reports by line. CSV is UTF-8 or cp932 and read whole. Raises InputError.
    """
    head = stream.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
    if _is_json(head):
        return _json_lines(head, stream), "jsonl"
    data = head + stream.read()
    for encoding in ("utf-8", "cp932"):
        try:
            return iter(data.decode(encoding).splitlines(keepends=True)), "csv"
        except UnicodeDecodeError:
            continue
    raise InputError("the CSV is neither UTF-8 nor cp932; save it as UTF-8")


def _is_json(head: bytes) -> bool:
    """Whether the input begins as JSON does, or has no CSV header but an object in a later line."""
    lines = [line.lstrip() for line in head.splitlines() if line.strip()]
    if not lines or lines[0][:1] in b"{[":
        return True
    has_header = b"title" in lines[0].lower()
    return not has_header and any(line.startswith(b"{") for line in lines)


def _json_lines(head: bytes, stream: BinaryIO) -> Iterator[str]:
    begun = head.split(b"\n")
    begun[-1] += stream.readline()
    return (line.decode("utf-8", "surrogateescape") for line in chain(begun, stream))


def _json_items(lines: Iterable[str]) -> Iterator[Item]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _json_item(line, number)


def _json_item(line: str, number: int) -> Item:
    if _SURROGATE.search(line):
        return Item(number, None, "not UTF-8")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Item(number, None, f"not JSON: {error}")
    if not isinstance(row, dict):
        return Item(number, None, f"not a JSON object but {_type_name(row)}")
    return _item(row, number)


def _csv_items(lines: Iterable[str]) -> Iterator[Item]:
    csv.field_size_limit(LONGEST_CELL)
    stream = iter(lines)
    header = next((line for line in stream if line.strip()), None)
    if header is None:
        return
    delimiter, columns = _columns(header)
    reader = csv.DictReader(stream, fieldnames=columns, delimiter=delimiter)
    try:
        for row in reader:
            filled = {name: cell for name, cell in row.items() if name in {"id", *FIELDS} and cell}
            yield _item(filled, reader.line_num + 1)
    except csv.Error as error:
        yield Item(reader.line_num + 1, None, f"not CSV: {error}")


def _columns(header: str) -> tuple[str, list[str]]:
    for delimiter in DELIMITERS:
        names = next(csv.reader([header], delimiter=delimiter))
        columns = [name.strip().lstrip("\ufeff").lower() for name in names]
        if "title" in columns:
            return delimiter, columns
    raise InputError(f"no column 'title' in the header {header.strip()[:80]!r}; add one")


def _item(row: Record, number: int) -> Item:
    given = row.get("id")
    item_id: str | int | float = number
    if isinstance(given, str):
        item_id = _encodable(given)
    elif isinstance(given, int | float) and not isinstance(given, bool):
        item_id = given
    elif given is not None:
        return Item(number, None, f"id is {_type_name(given)}, not a string or a number")
    for field in FIELDS:
        if not isinstance(row.get(field), str | None):
            return Item(item_id, None, f"{field} is {_type_name(row[field])}, not a string")
    return Item(item_id, Posting(**{name: _encodable(row.get(name) or "") for name in FIELDS}))


def _encodable(text: str) -> str:
    """Return the text with lone surrogates replaced, offsets unchanged."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _type_name(value: object) -> str:
    names = {"NoneType": "null", "list": "an array", "dict": "an object", "bool": "a boolean"}
    name = type(value).__name__
    return names.get(name, "a string" if name == "str" else "a number")


def to_record(extraction: Extraction) -> Record:
    """Return the fields of an extraction in the formats of the output, each with its spans."""
    salary, title = extraction.salary, extraction.title
    return {
        "roles": list(title.roles),
        "is_grade": title.is_grade,
        "is_candidate": title.is_candidate,
        "hires_for": list(extraction.hires_for),
        "mentions": [one.model_dump(exclude={"field"}) for one in extraction.mentions],
        "skills": list(dict.fromkeys(one.text for one in extraction.skills)),
        "responsibilities": list(
            dict.fromkeys(one.responsibility_id for one in extraction.responsibilities)
        ),
        "salary": salary
        and {
            "min": _whole(salary.min),
            "max": _whole(salary.max),
            "currency": salary.currency,
            "period": salary.period,
        },
        "location": extraction.location,
        "is_remote": extraction.is_remote,
        "employment_type": extraction.employment_type,
        "reports_to": list(extraction.reports_to),
        "team_size": extraction.team_size and list(extraction.team_size),
        "spans": _spans(extraction),
    }


def _whole(amount: float | None) -> float | int | None:
    return int(amount) if amount is not None and amount == int(amount) else amount


def _spans(extraction: Extraction) -> dict[str, list[Record]]:
    title = extraction.title
    single = {
        "salary": extraction.salary.span if extraction.salary else None,
        "location": extraction.location_span,
        "is_remote": extraction.remote_span,
        "employment_type": extraction.employment_type_span,
        "team_size": extraction.team_size_span,
    }
    return {
        "roles": _with_roles(title.spans, title.roles),
        "skills": [one.model_dump() for one in extraction.skills],
        "responsibilities": [one.model_dump() for one in extraction.responsibilities],
        "reports_to": _with_roles(extraction.reports_to_spans, extraction.reports_to),
        **{name: [span.model_dump()] if span else [] for name, span in single.items()},
    }


def _with_roles(spans: Iterable[Span], roles: Iterable[str]) -> list[Record]:
    return [
        {**span.model_dump(), "role_id": role} for span, role in zip(spans, roles, strict=False)
    ]

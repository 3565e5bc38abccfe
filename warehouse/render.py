"""Rows for people and programs: a table for the terminal, JSON, CSV for spreadsheets."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import orjson

Format = Literal["table", "json", "csv"]
Rows = Sequence[Sequence[Any]]
# What a spreadsheet may run as a formula (fault 47), fullwidth forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # fmt: skip
WIDE = {"W", "F"}
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}  # controls, bidi marks, surrogates, private use


def render(rows: Rows, columns: Sequence[str], form: Format = "table") -> str:
    """Return the rows in the format, ending in a newline."""
    return {"table": to_table, "json": to_json, "csv": to_csv}[form](rows, columns)


def to_json(rows: Rows, columns: Sequence[str]) -> str:
    """A list of objects; values as they are, dates in ISO form, infinity as null."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return orjson.dumps(objects, default=str, option=orjson.OPT_INDENT_2).decode() + "\n"


def to_csv(rows: Rows, columns: Sequence[str]) -> str:
    """RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _csv_cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def to_table(rows: Rows, columns: Sequence[str]) -> str:
    """Aligned columns, what starts with a digit to the right; nothing that a terminal would obey (fault 51)."""
    cells = [[_table_cell(value) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *cells, strict=True)]
    is_number = [
        all(cell[:1].isdigit() or cell[:1] in "-∞" for cell in column)
        for column in zip(*cells, strict=True)
    ] or [False] * len(columns)
    lines = [columns, ["─" * size for size in widths], *cells]
    return "".join(_table_line(line, widths, is_number) + "\n" for line in lines)


def _table_line(cells: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    padded = [
        " " * (size - width(cell)) + cell if right else cell + " " * (size - width(cell))
        for cell, size, right in zip(cells, widths, is_number, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _table_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".").replace("inf", "∞")
    if isinstance(value, date):
        return value.isoformat()
    return printable(str(value))


def printable(text: str) -> str:
    """The text on one line, without what a terminal would obey or a reader could not see."""
    return "".join(
        " " if character in "\n\r\t" else character
        for character in text
        if character in "\n\r\t" or unicodedata.category(character) not in UNPRINTABLE
    )


def width(text: str) -> int:
    """Columns in a terminal: East Asian wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in WIDE else 1
        for one in text
    )

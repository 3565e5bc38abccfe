"""
Rows of the taxonomy's CSV files, typed, and what any of them is checked for.

Every error names the file, the line, the value and the remedy; all errors of a load are reported
together, so that an editor mends them in one go.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class TaxonomyError(ValueError):
    """One or more rows that can't be meant, one a line."""


class Row(BaseModel):
    """A line of a CSV file; an empty cell is an empty string."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    line: int


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(slots=True)
class Problems:
    """What is wrong so far, as `file line n: "value" reason; remedy`."""

    found: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, value: str, reason: str, remedy: str) -> None:
        self.found.append(f'{file} line {line}: "{value}" {reason}; {remedy}')

    def raise_if_any(self) -> None:
        if self.found:
            raise TaxonomyError("\n".join(self.found))


def read_rows(path: Path, model: type[AnyRow], problems: Problems) -> tuple[AnyRow, ...]:
    """Read the file as rows of `model`; a file that isn't there or lacks a column is an error."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return tuple(_rows(path.name, reader, model, problems))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TaxonomyError(f"{path.name}: can't be read ({error}); restore the file") from error


def _rows(
    name: str, reader: "csv.DictReader[str]", model: type[AnyRow], problems: Problems
) -> Iterator[AnyRow]:
    for cells in reader:
        try:
            yield model(line=reader.line_num, **cells)
        except (ValidationError, TypeError) as error:
            reason = str(error)
            value = str(cells)
            if isinstance(error, ValidationError):
                first = error.errors()[0]
                reason = f"column {'.'.join(map(str, first['loc']))}: {first['msg']}"
                value = str(first.get("input", ""))
            problems.add(name, reader.line_num, value, reason, "correct the cell or the header")


def check_unique(
    file: str, rows: Iterable[AnyRow], key: Callable[[AnyRow], str], problems: Problems
) -> None:
    first: dict[str, int] = {}
    for row in rows:
        value = key(row)
        if not value:
            problems.add(file, row.line, value, "is empty", "fill it in")
        elif value in first:
            problems.add(file, row.line, value, f"is already on line {first[value]}", "delete one")
        else:
            first[value] = row.line


def check_known(
    file: str,
    rows: Iterable[AnyRow],
    key: Callable[[AnyRow], str],
    known: Iterable[str],
    problems: Problems,
) -> None:
    """Report references to ids that don't exist; an empty reference is none."""
    ids = set(known)
    for row in rows:
        value = key(row)
        if value and value not in ids:
            problems.add(
                file, row.line, value, "is no known id", "add the concept or correct the id"
            )


def check_translated(
    file: str, rows: Iterable[AnyRow], columns: tuple[str, ...], problems: Problems
) -> None:
    for row in rows:
        for column in columns:
            if not getattr(row, column):
                problems.add(file, row.line, column, "is empty", "write it in both languages")


def check_acyclic(
    file: str,
    rows: Iterable[AnyRow],
    key: Callable[[AnyRow], str],
    parent: Callable[[AnyRow], str],
    problems: Problems,
) -> None:
    rows = tuple(rows)
    parents = {key(row): parent(row) for row in rows}
    for row in rows:
        seen, current = set[str](), key(row)
        while current and current not in seen:
            seen.add(current)
            current = parents.get(current, "")
        if current == key(row):
            problems.add(file, row.line, current, "is its own ancestor", "correct the parent")


def check_aliases(
    file: str,
    rows: Iterable[AnyRow],
    concept: Callable[[AnyRow], str],
    alias: Callable[[AnyRow], str],
    problems: Problems,
) -> None:
    """Report an alias that stands twice, or for two concepts: the second could never be reached."""
    first: dict[str, AnyRow] = {}
    for row in rows:
        value = alias(row)
        earlier = first.setdefault(value, row)
        if not value:
            problems.add(file, row.line, value, "is empty", "delete the line")
        elif earlier is not row:
            reason = f"is already an alias of {concept(earlier)} (line {earlier.line})"
            problems.add(file, row.line, value, reason, "delete one")

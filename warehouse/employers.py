"""The names under which an employer has hired, and since when two count as one."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from taxonomy.rows import Problems, Row, read_rows

EMPLOYER_ALIASES_CSV = Path(__file__).with_name("employer_aliases.csv")


class EmployerAlias(Row):
    """
    From `valid_from_date` to the day before `valid_to_date`, the name means that employer.

    Without dates it always does: the employer was renamed, and its openings go on. A subsidiary that
    hires in its own name has no row and counts for itself.
    """

    alias: str
    employer: str
    valid_from_date: date | None = None
    valid_to_date: date | None = None
    reason: Literal["renamed", "merged"]
    note: str = ""

    @field_validator("valid_from_date", "valid_to_date", mode="before")
    @classmethod
    def _empty_is_missing(cls, value: object) -> object:
        return value or None

    def overlaps(self, other: "EmployerAlias") -> bool:
        return (self.valid_from_date or date.min) < (other.valid_to_date or date.max) and (
            other.valid_from_date or date.min
        ) < (self.valid_to_date or date.max)


@cache
def load_employer_aliases(path: Path = EMPLOYER_ALIASES_CSV) -> tuple[EmployerAlias, ...]:
    """Load the aliases. Raises TaxonomyError."""
    problems = Problems()
    rows = read_rows(path, EmployerAlias, problems)
    always = {row.alias.casefold(): row for row in rows if not _dates(row)}
    for number, row in enumerate(rows):
        if not (row.alias and row.employer):
            problems.add(path.name, row.line, row.alias, "names one employer", "name both")
        if row.valid_from_date and row.valid_to_date and row.valid_from_date >= row.valid_to_date:
            problems.add(
                path.name, row.line, row.alias, "ends before it begins", "correct the dates"
            )
        if row.employer.casefold() in always:
            line = always[row.employer.casefold()].line
            reason = f'means "{row.employer}", itself an alias (line {line})'
            problems.add(
                path.name, row.line, row.alias, reason, "name the employer that it ends at"
            )
        for earlier in rows[:number]:
            if row.alias.casefold() == earlier.alias.casefold() and row.overlaps(earlier):
                reason = f"means two employers on one day (line {earlier.line})"
                problems.add(
                    path.name, row.line, row.alias, reason, "delete one, or part their dates"
                )
    problems.raise_if_any()
    return rows


def _dates(row: EmployerAlias) -> bool:
    return bool(row.valid_from_date or row.valid_to_date)

"""Periods as writers name them: 2026-06, 2026-Q2, 2026, or two dates; and the one before."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from warehouse.errors import UnknownNameError

Language = Literal["en", "ja"]
ONE_DAY = timedelta(1)
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
NAMED = re.compile(
    r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in it."""

    start: date
    end: date

    @property
    def nights(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def until(self) -> date:
        """The first day after it."""
        return self.end + ONE_DAY

    @property
    def months(self) -> int | None:
        """How many, if it is made of whole months."""
        if self.start.day != 1 or self.until.day != 1:
            return None
        return _months(self.until) - _months(self.start)

    def before(self) -> "Period":
        """The equally long period that ends the day before: as many months, or as many nights."""
        months = self.months
        if months is None:
            return Period(self.start - timedelta(self.nights), self.start - ONE_DAY)
        return Period(_add_months(self.start, -months), self.start - ONE_DAY)

    def year_before(self) -> "Period":
        """The same days a year earlier; 29 February becomes 1 March."""
        start = _add_months(self.start, -12)
        return Period(start, _add_months(self.until, -12) - ONE_DAY)

    def label(self, lang: Language, *, with_year: bool) -> str:
        """As in `Q2`, `April`, `April–May` and 4–6月; dates where it isn't made of months."""
        months = self.months
        if months is None or self.start.year != self.end.year:
            return f"{self.start}–{self.end}"
        first, last = self.start.month, self.end.month
        if lang == "ja":
            name = f"{first}月" if months == 1 else f"{first}–{last}月"
            return f"{self.start.year}年{name}" if with_year else name
        if months == MONTHS_OF["quarter"] and last % months == 0:
            name = f"Q{last // months}"
        else:
            name = month_name[first] if months == 1 else f"{month_name[first]}–{month_name[last]}"
        return f"{name} {self.start.year}" if with_year else name


def parse_period(first: str, last: str | None = None) -> Period:
    """
    The period from the start of the first to the end of the last: `2026-Q2`, `2026-04` to `2026-06`.

    Raises UnknownNameError for what is no period, or one that ends before it begins.
    """
    start, end = _named(first).start, _named(last or first).end
    if end < start:
        raise UnknownNameError(f"{first} to {last} ends before it begins; swap them")
    return Period(start, end)


def _named(text: str) -> Period:
    found = NAMED.fullmatch(text.strip())
    try:
        if found is None:
            day = date.fromisoformat(text.strip())
            return Period(day, day)
        parts = found.groupdict()
        size = next((name for name in ("quarter", "month") if parts[name]), "year")
        month = MONTHS_OF[size] * (int(parts[size]) - 1) + 1 if size != "year" else 1
        start = date(int(parts["year"]), month, 1)
        return Period(start, _add_months(start, MONTHS_OF[size]) - ONE_DAY)
    except ValueError as error:
        raise UnknownNameError(
            f"no period {text!r}; write 2026-06, 2026-Q2, 2026 or 2026-06-30"
        ) from error


def _months(day: date) -> int:
    return 12 * day.year + day.month - 1


def _add_months(day: date, months: int) -> date:
    """The same day of another month, or the first day after that month if it has none."""
    year, month = divmod(_months(day) + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return _add_months(date(year, month + 1, 1), 1)

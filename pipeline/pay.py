"""
The pay that a posting offers: amount, currency, period, and the words that say so.

A figure is pay only if its currency is stated, its period is stated or plain from its size, it is
within the bounds of `taxonomy/currencies.csv`, and nothing beside it says that it is something
else (funding, sales, an allowance, a pay example). Otherwise there is no pay: refusing beats
guessing, because a wrong figure looks as good as a right one.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipeline.cues import Line, LineFilter, line_before
from pipeline.extraction import Field, Period, Salary, Span
from pipeline.text import fold

TAXONOMY = Path(__file__).parents[1] / "taxonomy"
CURRENCIES_CSV = TAXONOMY / "currencies.csv"
PAY_WORDS_CSV = TAXONOMY / "pay_words.csv"

# What a year of full-time work is taken to be, wherever pay is annualised.
PERIODS_PER_YEAR: dict[Period, int] = {"year": 1, "month": 12, "day": 260, "hour": 2080}

# Without a stated period, a figure above this part of the currency's ceiling isn't read as pay.
UNSTATED_PART = 0.25
OFFERED_SCORE = 2  # evidence that a figure in a whole text is the offered pay; see _score


def per_year(salary: Salary) -> tuple[float | None, float | None]:
    """Return (min, max) in units of the currency a year, by PERIODS_PER_YEAR."""
    times = PERIODS_PER_YEAR[salary.period]
    return (
        None if salary.min is None else salary.min * times,
        None if salary.max is None else salary.max * times,
    )


class Currency(NamedTuple):
    """A row of currencies.csv; bounds in units a year."""

    code: str
    markers: tuple[str, ...]
    assumed_for: tuple[str, ...]  # shared markers that mean this currency if nothing else is said
    context: tuple[str, ...]  # words in the line that decide between currencies of one marker
    floor_year: float
    ceiling_year: float


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


@cache
def currencies() -> dict[str, Currency]:
    with CURRENCIES_CSV.open(encoding="utf-8", newline="") as file:
        return {
            row["currency"]: Currency(
                row["currency"],
                _split(row["markers"]),
                _split(row["assumed_for"]),
                _split(row["context"]),
                float(row["floor_year"]),
                float(row["ceiling_year"]),
            )
            for row in csv.DictReader(file)
        }


_SCALES = {
    "億": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "만": 1e4,
    "million": 1e6,
    "mio": 1e6,
    "mm": 1e6,
    "m": 1e6,
    "k": 1e3,
    "thousand": 1e3,
    "lakhs": 1e5,
    "lakh": 1e5,
    "lacs": 1e5,
    "lac": 1e5,
    "lpa": 1e5,
    "l": 1e5,
    "crore": 1e7,
    "cr": 1e7,
}


def _words(rows: Iterable[dict[str, str]]) -> re.Pattern[str]:
    """Join patterns of pay_words.csv; Latin ones end with their word, and begin with it but for /."""
    latin = [row["pattern"] for row in rows if row["lang"] == "en"]
    begun = [rf"(?<![a-z])(?:{pattern})" for pattern in latin if not pattern.startswith("/")]
    slashed = [pattern for pattern in latin if pattern.startswith("/")]
    other = [row["pattern"] for row in rows if row["lang"] == "ja"]
    ended = [rf"(?:{'|'.join(begun + slashed)})(?![a-z])"] if latin else []
    return re.compile("|".join(ended + other))


class PayWords(NamedTuple):
    """Words of pay_words.csv: what a figure is paid for, and what says that it isn't pay."""

    pay: re.Pattern[str]
    not_pay: re.Pattern[str]  # of a word before a figure, the nearer of the two decides
    example: re.Pattern[str]  # a pay example or somebody else's pay, wherever in the clause
    units: dict[Period, re.Pattern[str]]  # after a figure
    labels: dict[Period, re.Pattern[str]]  # before it


@cache
def pay_words() -> PayWords:
    with PAY_WORDS_CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def of(kind: str, period: str = "") -> re.Pattern[str]:
        return _words([row for row in rows if (row["kind"], row["period"]) == (kind, period)])

    return PayWords(
        of("pay"),
        of("not_pay"),
        of("example"),
        {period: of("unit", period) for period in PERIODS_PER_YEAR},
        {period: of("label", period) for period in PERIODS_PER_YEAR},
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _markers() -> frozenset[str]:
    return frozenset(marker for currency in currencies().values() for marker in currency.markers)


@cache
def _marker() -> re.Pattern[str]:
    words = [marker for marker in _markers() if marker[0].isascii() and marker[0].isalpha()]
    symbols = _markers().difference(words)
    return re.compile(rf"{_either(symbols)}|(?<![a-z])(?:{_either(words)})(?![a-z])")


_NUMBER = (
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,2}(?:,\d{2})+,\d{3}"
    r"|\d{1,3}(?:[.' ]\d{3})+(?:,(?:\d{1,2}|-))?|\d+(?:[.,]\d{1,2})?)(?![\d]|[.,]\d)"
)
# What follows the figure of an offer: "+ equity", "depending on experience", ストックオプションあり.
_PACKAGE = re.compile(
    r"[ ,(]*(?:(?:\+|and|plus|&|with|w/) ?(?:\d[\d.%-]*)? ?(?:significant |meaningful |generous )?"
    r"(?:equity|bonus|options|stock|rsus?|benefits|so\b|ストック|インセンティブ)"
    r"|base|salary|pro rata|doe|gross|brutto|depending|dependent|based on|経験|能力|スキル)"
)
_CLAUSE_BREAK = re.compile(r"[。|;／、]|[,.](?=\s)|[)）](?=\s)")
_CLAUSE_END = re.compile(r"[。|;／、,(（+]|\.(?:\s|$)")
_DIGIT = re.compile(r"\d")
_NEXT_AMOUNT = re.compile(r"\d|[$£€¥]")
_FROM = re.compile(r"(?:\bfrom|\bstarting at|\bminimum(?: of)?|\bmin\.?|\bat least|最低|\bab) ?:?$")
_BELOW = r"(?:up[ -]?to|max(?:imum)?\.?(?: of)?|最大|最高|上限|bis zu) ?|(?<![^\s:(])[-~] ?(?=[\d,.]+ ?(?:万|円))"
_TO = r"-{1,2}|~|\b(?:to|and|bis|tot|en|et)\b|\bà|から|到|至"
_OPEN = (
    r" ?(?:以上|から|and up|and above|or more|起)|(?<=[万円]) ?[-~]"
    r"|\+(?! ?(?:equity|bonus|benefits|options|stock|rsu|so\b|賞与|ストック|インセンティブ|各種)| *[\d$£€¥])"
)
_OR_LESS = r" ?(?:まで|以下|or less|max\b)"
MOST_FIGURES = 100  # of a line; a longer list of prices offers nobody pay
WINDOW = 200  # characters of the line read on each side of a figure
LABEL_LENGTH = 24  # characters of a line that is no more than a label
AFTER_LENGTH = 24  # characters after a figure in which its unit or its denial stands
SAME_SCALE = 20  # a range is narrower than this, so a wider one states its scale once
THOUSAND = 1000
WIDEST_RANGE = 12
_COUNTERS = r" ?(?:人|名|社|件|台|回|個|店|ユーザ|ダウンロード)"  # 2,000万人 is no money
_JAPANESE_SCALES = {"億", "千万", "百万", "万"}


@cache
def _pattern() -> re.Pattern[str]:
    mark = rf"(?:{_marker().pattern})"
    scale = rf"(?:{_either(_SCALES)})(?![a-z]|{_COUNTERS})"

    def amount(n: int) -> str:
        return (
            rf"(?P<pre{n}>(?:{mark} ?){{0,2}})(?P<number{n}>{_NUMBER})"
            rf"(?: ?(?P<scale{n}>{scale}))?(?P<post{n}>(?: ?{mark}){{0,2}})"
        )

    unit = "|".join(words.pattern for words in pay_words().units.values())
    return re.compile(
        rf"(?P<below>{_BELOW})?{amount(1)}(?: ?(?:{unit}))?"
        rf"(?: ?(?:{_TO}) ?{amount(2)})?(?P<open>{_OPEN})?(?P<least>{_OR_LESS})?"
    )


class _Reading(NamedTuple):
    salary: Salary
    score: int


def find_salary(text: str, field: Field = "text") -> Salary | None:
    """Return the pay that a whole posting offers: the best evidence wins, then the first."""
    return _best(reading for reading in _readings(text, field) if reading.score >= OFFERED_SCORE)


def read_salary(string: str) -> Salary | None:
    """Return the pay that a string states which is known to be about pay, or None."""
    return _best(_readings(string, "text"))


def _best(readings: Iterable[_Reading]) -> Salary | None:
    best = max(readings, key=lambda reading: reading.score, default=None)
    return best.salary if best else None


@cache
def _filter() -> LineFilter:
    return LineFilter((*_markers(), "万", "億", "lpa", "lakh"))


def _readings(text: str, field: Field) -> Iterator[_Reading]:
    folded = fold(text)
    for line in _filter().lines(folded):
        if not _DIGIT.search(line.text):
            continue
        heading = line_before(folded, line)
        # A short line above is the label of this one.
        heading = heading if len(heading) <= LABEL_LENGTH else ""
        for found in islice(_pattern().finditer(line.text), MOST_FIGURES):
            reading = _read(found, text, line, heading, field)
            if reading:
                yield reading


def _read(
    found: re.Match[str], text: str, line: Line, heading: str, field: Field
) -> _Reading | None:
    before = line.text[max(0, found.start() - WINDOW) : found.start()]
    after = line.text[found.end() : found.end() + WINDOW]
    currency = _currency(found, before + after)
    if currency is None or _is_something_else(before, after):
        return None
    stated = _period(found, before, after, heading)
    bounds = _bounds(found, before)
    if not _is_plausible(bounds, currency, stated):
        return None
    start, end = line.start + found.start(), line.start + found.end()
    words = text[start:end].strip()
    start = text.index(words, start)
    salary = Salary(
        min=bounds[0],
        max=bounds[1],
        currency=currency.code,
        period=stated or "year",
        span=Span(start=start, end=start + len(words), text=words, field=field),
    )
    return _Reading(salary, _score(found, before, after, heading, is_stated=bool(stated)))


def _currency(found: re.Match[str], beside: str) -> Currency | None:
    marks = [
        mark
        for group in ("pre1", "post1", "pre2", "post2")
        for mark in _marker().findall(found[group] or "")
    ]
    scales = {found["scale1"], found["scale2"]}
    candidates = [c for c in currencies().values() if all(mark in c.markers for mark in marks)]
    if not marks:
        codes = (
            {"JPY", "CNY"} if scales & _JAPANESE_SCALES else {"INR"} if "lpa" in scales else set()
        )
        candidates = [c for c in candidates if c.code in codes]
    if len(candidates) > 1:
        by_context = [
            c for c in candidates if any(word in beside + found.group() for word in c.context)
        ]
        by_default = [c for c in candidates if not marks or set(marks) & set(c.assumed_for)]
        candidates = by_context if len(by_context) == 1 else by_default[:1]
    return candidates[0] if candidates else None


def _is_something_else(before: str, after: str) -> bool:
    """Whether the clause around a figure says that it isn't the offered pay."""
    clause = _CLAUSE_BREAK.split(before)[-1]
    words = pay_words()
    if words.example.search(clause):
        return True
    label, veto = _last(words.pay, clause), _last(words.not_pay, clause)
    if veto > label:
        return True
    rest = _CLAUSE_END.split(after, maxsplit=1)[0][:AFTER_LENGTH]
    rest = _NEXT_AMOUNT.split(rest, maxsplit=1)[0]
    return label < 0 and not _PACKAGE.match(after) and bool(words.not_pay.search(rest))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def _period(found: re.Match[str], before: str, after: str, heading: str) -> Period | None:
    """Return the period that a unit after the figure states, else the label nearest before it."""
    if "lpa" in (found["scale1"], found["scale2"]):
        return "year"
    rest = found.group() + _NEXT_AMOUNT.split(after, maxsplit=1)[0][:AFTER_LENGTH]
    for period, unit in pay_words().units.items():
        if unit.search(rest):
            return period
    for words in (before, heading):
        nearest = {period: _last(label, words) for period, label in pay_words().labels.items()}
        period = max(nearest, key=lambda name: nearest[name])
        if nearest[period] >= 0:
            return period
    return None


def _bounds(found: re.Match[str], before: str) -> tuple[float | None, float | None]:
    """Return (min, max) in units of the currency, swapped if they stand the other way round."""
    low = _value(found["number1"], found["scale1"])
    if found["number2"] is None:
        if found["below"] or found["least"]:
            return None, low
        return low, None if found["open"] or _FROM.search(before) else low
    high = _value(found["number2"], found["scale2"])
    # "$120-150k", "700〜1,000万円": a scale that stands once holds for both.
    if found["scale2"] and not found["scale1"] and low * SAME_SCALE < high:
        low = _value(found["number1"], found["scale2"])
    elif found["scale1"] and not found["scale2"] and high * SAME_SCALE < low:
        high = _value(found["number2"], found["scale1"])
    elif low < THOUSAND <= high and low * SAME_SCALE < high:
        low *= THOUSAND  # "120-140.000 €"
    return min(low, high), max(low, high)


def _value(number: str, scale: str | None) -> float:
    number = number.removesuffix(",-")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,' ]\d{2,3})*[.,' ]\d{3}", number)
    if grouped:
        return float(re.sub(r"\D", "", number)) * _SCALES.get(scale or "", 1)
    whole, _, cents = number.replace(",", ".").rpartition(".")
    digits = re.sub(r"\D", "", whole) + "." + cents if whole else cents
    return round(float(digits) * _SCALES.get(scale or "", 1), 2)


def _is_plausible(
    bounds: tuple[float | None, float | None], currency: Currency, stated: Period | None
) -> bool:
    times = PERIODS_PER_YEAR[stated or "year"]
    ceiling = currency.ceiling_year * (1 if stated else UNSTATED_PART)
    values = [value * times for value in bounds if value is not None]
    is_range = max(values) <= min(values) * WIDEST_RANGE
    return is_range and all(currency.floor_year <= value <= ceiling for value in values)


def _score(found: re.Match[str], before: str, after: str, heading: str, *, is_stated: bool) -> int:
    """Return the evidence that a figure is the offered pay: 0 is a bare figure in a sentence."""
    segment = re.split(r"[|;]", before)[-1].strip(" -*•・‣–:")
    is_labelled = bool(pay_words().pay.search(segment) or pay_words().pay.search(heading))
    is_alone = not segment and bool(re.match(r"\s*(?:$|[|(（+,;.、／/])", after))
    return (
        3 * is_labelled
        + 2 * is_stated
        + 2 * is_alone
        + 2 * bool(_PACKAGE.match(after))
        + 2 * (found["number2"] is not None)
    )

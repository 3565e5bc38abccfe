"""
Where a posting's work is: the place as it is written, its country, and whether it is all remote.

Names come from `taxonomy/places.csv`; a name counts as the place of work only beside words that
say so (勤務地, "office in", "remote within", a header of "|" segments), since postings also name
customers' and founders' cities.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from pipeline.cues import Line, line_at, line_before
from pipeline.extraction import Field, Span
from pipeline.text import fold

PLACES_CSV = Path(__file__).parents[1] / "taxonomy" / "places.csv"
LEVELS = ("city", "state", "abbreviation", "country", "region")  # each may qualify those before it
SHORT = 3  # letters up to which a name must stand in its own case: US, not us
MOST_PLACES = 1000  # of a text, weighed as its place of work
WINDOW = 100  # characters of the line read on each side of a place
LONGEST_CITY = 60  # characters
LABEL_LENGTH = 16  # characters of a line that is no more than a label


class Name(NamedTuple):
    """A row of places.csv; a region has no country code."""

    level: int
    code: str


class Place(NamedTuple):
    """A place in a string, with its qualifiers: "Toronto, Ontario, Canada" is one."""

    start: int
    end: int
    code: str | None  # None where it is in no one country


@cache
def _names() -> dict[str, list[Name]]:
    names: dict[str, list[Name]] = {}
    with PLACES_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["name"] if _keeps_case(row["name"]) else fold(row["name"])
            names.setdefault(key, []).append(Name(LEVELS.index(row["kind"]), row["country_code"]))
    return names


def _keeps_case(name: str) -> bool:
    return name.isascii() and len(name.replace(".", "")) <= SHORT


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        sorted({fold(name) for name in _names()}),
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.DFA,
    )


_QUALIFIES = re.compile(r"[ \u3000,(\[/–-]{0,3}")
_CITY_BEFORE = re.compile(r"(?:[A-Z][\w'’.-]+ ){0,2}[A-Z][\w'’.-]+, ?$")
_COMMA = re.compile(r"[\w)], ?$")
_NO_CITY = re.compile(
    r"\b(?:remote|hybrid|on-?site|full|part|time|engineer\w*|office|location|yc|inc|ltd|based)\b|リモート|在宅|全国",
    re.IGNORECASE,
)
# 町名 after a ward or city: 東京都千代田区大手町
_TOWN = r"(?:(?!本社|本店|支社|オフィス|勤務|周辺|近郊)[一-龥々ヶケァ-ヴー]{2,8}(?=[\s（(）)、。/／\d０-９]|$))?"
_ADDRESS = re.compile(
    rf"(?:[一-龥々ヶケぁ-んァ-ヴー]{{1,6}}?市)?(?:[一-龥々]{{1,5}}?[区郡])?(?:[一-龥々]{{1,4}}?[町村](?![一-龥]))?(?<=[市区町村]){_TOWN}"
)


class _Hit(NamedTuple):
    start: int
    end: int
    names: list[Name]


def _hits(string: str) -> Iterator[_Hit]:
    folded = fold(string)
    read = 0
    for _, start, end in _automaton().find_matches_as_indexes(folded):
        # Nearly all that is found is part of a word: the cheapest test comes first.
        if start < read or ("a" <= string[start] <= "z" and string[start:end].isascii()):
            continue
        if not _is_whole(string, start, end):
            continue
        words = string[start:end]
        names = _names().get(words if _keeps_case(words) else folded[start:end], [])
        is_code = all(LEVELS[name.level] == "abbreviation" for name in names)
        if not names or (is_code and not _follows_comma(string, start)):
            continue
        address = _ADDRESS.match(string, end) if words[0] >= "一" else None
        read = address.end() if address else end
        yield _Hit(start, read, names)


def _follows_comma(string: str, start: int) -> bool:
    return _COMMA.search(string, max(0, start - 3), start) is not None


def _is_whole(string: str, start: int, end: int) -> bool:
    """Whether Latin letters stop at both ends; Japanese names stand beside anything."""
    inside, outside = string[start], string[start - 1 : start]
    if inside.isascii() and outside.isascii() and outside.isalnum():
        return False
    inside, outside = string[end - 1], string[end : end + 1]
    return not (inside.isascii() and outside.isascii() and outside.isalnum())


def places(string: str) -> list[Place]:
    """Return the places that a string names, in order, each with its qualifiers."""
    found: list[Place] = []
    level = len(LEVELS)
    for hit in _hits(string):
        broadest = max(name.level for name in hit.names)
        is_qualifier = (
            bool(found)
            and (broadest > level or _repeats(hit, string, found[-1]))
            and LEVELS[broadest] != "region"
            and _QUALIFIES.fullmatch(string, found[-1].end, hit.start) is not None
        )
        if is_qualifier:
            code = _code(hit, string, before=found[-1].code)
            found[-1] = Place(found[-1].start, hit.end, code)
        else:
            start = hit.start
            read = max(found[-1].end if found else 0, start - LONGEST_CITY)
            city = _CITY_BEFORE.search(string, read, start)
            if city and not _NO_CITY.search(city.group()) and broadest > 0:
                start = city.start()
            found.append(Place(start, hit.end, _code(hit, string, before=None)))
        level = min(name.level for name in hit.names)
    return found


def _repeats(hit: _Hit, string: str, place: Place) -> bool:
    """Whether a name says the place again: "Paris, Paris, France", "Toronto, ON, CA"."""
    words = string[hit.start : hit.end]
    is_same_country = words.isupper() and place.code in {name.code for name in hit.names}
    return is_same_country or string.startswith(words, place.start)


def _code(hit: _Hit, string: str, *, before: str | None) -> str | None:
    """Return the country: that of the city it qualifies if it may mean it, else its first."""
    codes = list(dict.fromkeys(name.code for name in hit.names))
    if before in codes:
        return before
    if len(codes) > 1 and not _follows_comma(string, hit.start):
        return None  # Georgia, alone, is a state or a country
    return codes[0] or None


def country_code(location: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a location string, None if unknown or several."""
    codes = {place.code for place in places(location)}
    return codes.pop() if len(codes) == 1 else None


class Location(NamedTuple):
    span: Span
    country_code: str | None


def _weighed(*cues: tuple[int, str]) -> list[tuple[int, re.Pattern[str]]]:
    return [(score, re.compile(cue)) for score, cue in cues]


# What makes a place the place of work, by weight; read on folded text.
_THE = r"(?:the |our |central |downtown |greater )*"
_BEFORE = _weighed(
    (5, r"\b(?:locations?|place of work|workplace|where)\b ?[:=-] ?[^.]{0,30}$"),
    (5, r"(?:^|[.|;•*-]) *(?:place|city|site|base|office) ?: ?[^.]{0,30}$"),
    (
        5,
        r"(?:勤務地|就業場所|就業地|働く場所|(?<![一-龥])場所[:はに]|勤務場所|勤務先|ロケーション)[^。]{0,24}$",
    ),
    (
        4,
        (
            r"\bremote(?:ly)?(?: work(?:ing)?| ok| only| possible)?[ ,(:\[/-]*(?:anywhere )?"
            rf"(?:(?:in|within|from|across|inside) )?{_THE}$"
        ),
    ),
    (
        4,
        (
            r"\b(?:on[- ]?site|in-?office|hybrid|in-?person|office-based)[ ,(:-]*"
            rf"(?:(?:in|at|from|out of) )?{_THE}$"
        ),
    ),
    (4, rf"\boffice(?: is)?(?: located| based)? ?(?:in|at|near|:) {_THE}$"),
    (4, rf"\bour (?:site|branch|studio|hub|lab) in {_THE}$"),
    (4, rf"\b(?:position|role|job|internship|vacancy) (?:is )?(?:based |located )?in {_THE}$"),
    (4, rf"\bone of our offices ?(?:in|:|\() ?{_THE}$"),
    (
        3,
        (
            r"\b(?:role|position|job|post|you(?:'ll)?)\b[^.]{0,20} (?:based|located|work|working|live"
            rf"|living|sit) (?:in|from|out of) {_THE}$"
        ),
    ),
    (3, r"(?:本社|所在地|オフィス|拠点)[^。]{0,10}$"),
    (2, rf"\bwe(?: are|'re) in {_THE}$"),
    (2, rf"\bjoin (?:us|them|(?:our|the) [\w-]+) in {_THE}$"),
    (
        4,
        rf"\bfrom (?:anywhere|any place|home|wherever you (?:like|want|live|are)) (?:in|within|across|inside) {_THE}$",
    ),
    (2, rf"\b(?:start-?up|scale-?up|company|firm|agency|studio|business|weeks|months) in {_THE}$"),
    (2, rf"\byou(?:'ll| will| would)? (?:lead|manage|join)\b[^.]{{0,40}} in {_THE}$"),
    (2, rf"\b(?:based|located|headquartered|hq|headquarters) ?(?:in|at|:|out of)? {_THE}$"),
)
_AFTER = _weighed(
    (
        4,
        r"[)\]]? ?(?:city |area |metro )?(?:(?:technology |tech )?hub|office|hq|headquarters|studio|campus)\b",
    ),
    (4, r"[ ,(/-]*(?:or )?(?:(?:fully |100% )?remote|on-?site|hybrid|in-?office|in-?person)\b"),
    (
        4,
        r"[ ,(/-]*(?:[\w-]+ ){0,3}days?(?: a| per| each)?(?: week)? (?:in|at|from) (?:the|our) office",
    ),
    (4, r"[^。]{0,24}(?:徒歩|駅|出社|勤務)"),
    (3, r" ?の?(?:本社|オフィス|支社|拠点)"),
    (2, r"-based\b"),
)
_LABEL = re.compile(r"\blocations?\b|勤務地|就業場所|勤務場所")
_LABELLED = re.compile(
    r"(?:\b(?:location|place of work|workplace)\b ?|(?:^|(?<=[\n.;] ))(?:place|city) ?(?=:)|勤務地 ?|就業場所 ?|勤務場所 ?)[:=】\]] ?(?P<value>[^\s|;(,、。][^\n|;(、。]{1,40}?)(?=[\n|;(、。]|$)"
)
# A place that fills a segment of a header with "|", or of a list item or line without.
_SEGMENT = (
    re.compile(r"(?:^|[|·;(/]| - |, |\bor\b|\band\b|&)[ *•・-]*$"),
    re.compile(r" *(?:$|[|·;)/,(+&]|- | - |\bor\b|\band\b)"),
)
_ITEM = (re.compile(r"(?:^| - |;|/|·)[ *•・-]*$"), re.compile(r" *(?:$|[;(/·]|- )"))
_LIST_GAP = re.compile(r"[\s,;/&+、・]*(?:\b(?:or|and)\b|または|及び)?[\s(]*", re.IGNORECASE)
_FULL_ADDRESS = re.compile(r".+[都道府県].+[市区町村郡]")
_NATIONWIDE = {"全国", "日本全国", "国内", "日本", "海外", "世界"}
STATED_SCORE = 2  # below it a place is only mentioned


def find_location(text: str, field: Field = "text") -> Location | None:
    """Return the place of work that a text states best, or None; of several in a row, all."""
    folded = fold(text)
    best: tuple[int, Line, list[Place]] = (STATED_SCORE - 1, Line(0, ""), [])
    for line, named in _by_line(folded, places(text)[:MOST_PLACES]):
        scored = _scored(line, named, folded)
        top = max(score for score, _ in scored)
        if top > best[0]:
            best = (top, line, [place for score, place in scored if score == top])
    _, line, found = best
    if not found:
        return _labelled_value(text, folded, field)
    codes = {place.code for place in found}
    start, end = found[0].start, found[0].end
    for place in found[1:]:
        if not _LIST_GAP.fullmatch(text, end, place.start):
            break
        end = place.end
    if "(" in text[start:end] and text[end : end + 1] == ")":  # India (Bengaluru)
        end += 1
    span = Span(start=start, end=end, text=text[start:end], field=field)
    return Location(span, codes.pop() if len(codes) == 1 else None)


def _by_line(folded: str, named: Iterable[Place]) -> Iterator[tuple[Line, list[Place]]]:
    def line_start(place: Place) -> int:
        return folded.rfind("\n", 0, place.start) + 1

    for start, group in groupby(named, line_start):
        yield line_at(folded, start), list(group)


def _scored(line: Line, named: Iterable[Place], folded: str) -> list[tuple[int, Place]]:
    """Return the places of a line with their evidence; what stands for one of a list is for all."""
    scored: list[tuple[int, Place]] = []
    for place in named:
        score = _score(line, place, folded)
        if scored and _LIST_GAP.fullmatch(folded, scored[-1][1].end, place.start):
            score = max(score, scored[-1][0])
        scored.append((score, place))
    return scored


def _score(line: Line, place: Place, folded: str) -> int:
    """Return the evidence that a place in a line is the place of work; 0 is a mere mention."""
    start, end = place.start - line.start, place.end - line.start
    before, after = line.text[max(0, start - WINDOW) : start], line.text[end : end + WINDOW]
    scores = [0]
    scores += [score for score, cue in _BEFORE if cue.search(before)]
    scores += [score for score, cue in _AFTER if cue.match(after)]
    is_header = "|" in line.text
    starts, ends = _SEGMENT if is_header else _ITEM
    if starts.search(before) and ends.match(after):
        scores.append(4 if is_header else 2)
    above = line_before(folded, line)
    if len(above) <= LABEL_LENGTH and not before.strip(" -*•・") and _LABEL.search(above):
        scores.append(5)
    words = line.text[start:end]
    if words in _NATIONWIDE:
        return max(scores) - 3
    is_address = bool(_FULL_ADDRESS.match(words))  # 京都オフィス（京都府京都市下京区）
    return max(scores) + is_address if max(scores) else 0


def _labelled_value(text: str, folded: str, field: Field) -> Location | None:
    """Return what follows "Location:" or 勤務地：where no known place does."""
    found = _LABELLED.search(folded)
    if found is None or _NO_CITY.search(found["value"]):
        return None
    start, end = found.span("value")
    return Location(Span(start=start, end=end, text=text[start:end], field=field), None)

"""
Where a text names a leadership role: the words and their offsets, nothing about why they are there.

The vocabulary is `taxonomy/mention_names.csv`: a level (VP, head, director) joined to a field
(engineering, technology, product) by `taxonomy/mention_roles.csv`, or a name of its own (CTO).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from pipeline.cues import LineFilter
from taxonomy.load import HERE, Language
from taxonomy.rows import Problems, Row, read_rows

CUES = ("vp", "v.p", "vice", "cto", "c.t.o", "cpo", "chief", "head", "director", "dir.", "dir ")
CUES_JA = (
    "責任者",
    "統括",
    "部長",
    "部門長",
    "トップ",
    "副社長",
    "バイスプレジデント",
    "オフィサー",
)

_CONNECT_LEVELS = r"[ \t]*(?:/|\bor\b|\band/or\b)[ \t]*(?:an? )?"
_CONNECT_FIELDS = r"[ \t]*(?:/|&|\+|\band\b)[ \t]*"
_LINK = r"(?:[ \t]*,?[ \t]*\b(?:of|for)[ \t]+(?:the[ \t]+)?|[ \t]*[,:-][ \t]*|[ \t]+)"
_URL = re.compile(
    r"(?:https?://|www\.)[^\s()]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+"
    r"|(?<![\w.-])[\w.-]{1,100}\.(?:com|io|org|net|co)/[^\s()]*"
)


class PatternRow(Row):
    lang: Language
    pattern: str  # a regular expression over the folded text
    note: str


class NamePattern(PatternRow):
    part: Literal["level", "field", "modifier", "notafter", "notbefore", "name"]
    id: str


class Combination(Row):
    level: str
    field: str
    role_id: str


class Name(NamedTuple):
    start: int
    end: int
    role_id: str


class _Vocabulary(NamedTuple):
    whole: re.Pattern[str]  # a name, or levels and fields
    levels: re.Pattern[str]
    fields: re.Pattern[str]
    roles: dict[tuple[str, str], str]


def check_patterns(file: str, rows: Iterable[PatternRow], problems: Problems) -> None:
    for row in rows:
        try:
            re.compile(row.pattern)
        except re.error as error:
            problems.add(file, row.line, row.pattern, f"is no pattern ({error})", "correct it")


@cache
def _vocabulary() -> _Vocabulary:
    problems = Problems()
    rows = read_rows(HERE / "mention_names.csv", NamePattern, problems)
    combinations = read_rows(HERE / "mention_roles.csv", Combination, problems)
    check_patterns("mention_names.csv", rows, problems)
    problems.raise_if_any()

    def alternatives(part: str, id_: str = "") -> str:
        return "|".join(r.pattern for r in rows if r.part == part and id_ in ("", r.id))

    def groups(part: str) -> str:
        ids = dict.fromkeys(row.id for row in rows if row.part == part)
        return "|".join(f"(?P<{id_}>{alternatives(part, id_)})" for id_ in ids)

    not_before = "".join(f"(?<!{word})" for word in alternatives("notbefore").split("|"))
    begin, end = rf"(?<![a-z0-9_]){not_before}", r"(?![a-z_]|\d(?!名|人))"
    not_field = f"(?!{alternatives('notafter', 'field')})"
    modifier = f"(?:{alternatives('modifier')})"
    level = f"(?:{alternatives('level')})"
    field = rf"\b(?:{alternatives('field')})(?!\w){not_field}".replace("MODIFIER", modifier)
    whole = (
        rf"{begin}(?:(?P<levels>{level}(?:{_CONNECT_LEVELS}{level}){{0,3}}){_LINK}"
        rf"(?P<fields>{field}(?:{_CONNECT_FIELDS}{field}){{0,3}})"
        rf"|(?:{groups('name')})(?!{alternatives('notafter', 'name')})){end}"
    )
    return _Vocabulary(
        re.compile(whole),
        re.compile(rf"(?<!\w)(?:{groups('level')})"),
        re.compile(rf"\b(?:{groups('field')})(?!\w)".replace("MODIFIER", modifier)),
        {(row.level, row.field): row.role_id for row in combinations},
    )


_LINES = LineFilter((*CUES, *CUES_JA))


def find_names(folded: str) -> list[Name]:
    """
    Return the names in the folded text, in order; an address or a link names nobody.

    "Director / VP of Engineering" is two: the director's from the first word on, the VP's inside.
    """
    return [name for line in _LINES.lines(folded) for name in _line_names(line.text, line.start)]


def _line_names(line: str, offset: int) -> Iterator[Name]:
    vocabulary = _vocabulary()
    links: list[tuple[int, int]] | None = None
    for match in vocabulary.whole.finditer(line):
        if links is None:
            links = [link.span() for link in _URL.finditer(line)]
        if any(start <= match.start() < end for start, end in links):
            continue
        if match["levels"] is None:
            role_id = match.lastgroup or ""
            yield Name(offset + match.start(), offset + match.end(), role_id)
        else:
            yield from _combined(match, vocabulary, offset)


def _combined(match: re.Match[str], vocabulary: _Vocabulary, offset: int) -> Iterator[Name]:
    line = match.string
    levels = list(vocabulary.levels.finditer(line, match.start("levels"), match.start("fields")))
    fields = list(vocabulary.fields.finditer(line, *match.span("fields")))
    seen = set[str]()
    for level in levels:
        for field in fields:
            role_id = vocabulary.roles.get((level.lastgroup or "", field.lastgroup or ""))
            if role_id and role_id not in seen:
                seen.add(role_id)
                yield Name(offset + level.start(), offset + field.end(), role_id)

"""
Leadership roles named in a posting's text, and why each is named: only `hires_for` is demand.

A mention's kind is decided by the first of: a strong cue beside the name (`taxonomy/
mention_cues.csv`, in the order of the file), a signature, an offer cue, its place (header line,
list of positions), and at last by what else the posting offers.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from pipeline.extraction import MentionKind, RoleMention
from pipeline.mention_names import Name, PatternRow, check_patterns, find_names
from pipeline.text import fold, sentences
from taxonomy.load import HERE
from taxonomy.rows import Problems, read_rows

LEADERSHIP_ROLES = (
    "vp_engineering",
    "vp_technology",
    "cto",
    "head_of_engineering",
    "director_engineering",
    "vp_product",
    "cpo",
)
HEADER_SOURCES = frozenset({"hackernews"})  # a posting's title is only the first line of its text
WINDOW = 200  # characters of a sentence read on each side of a name
REACH = 1000  # characters of a line looked at on each side; nobody writes such a list on purpose
NEAR = 20  # names on each side that count as its neighbours
MAX_LIST = 25  # lines between a heading and the last item under it
Side = Literal["before", "after", "sentence", "heading"]


class Cue(PatternRow):
    kind: MentionKind
    side: Side


class Words(PatternRow):
    part: Literal["gap", "other_title", "closing", "not_person", "prose"]


class _Grammar(NamedTuple):
    rules: tuple[tuple[MentionKind, Side, re.Pattern[str]], ...]
    titles_before: re.Pattern[str]  # of others that share the name's place: "our CEO and | CTO"
    titles_after: re.Pattern[str]
    signed: re.Pattern[str]  # as typed: "Jo Doe, " before the name
    alone: re.Pattern[str]  # as typed: "Jo Doe" or "Cheers," above it
    member: re.Pattern[str]  # as typed: "- Al Fu, baker", of a list of people
    not_person: re.Pattern[str]
    prose: re.Pattern[str]


_JOIN = r"\s*(?:,\s*(?:and|or|&)?|/|&|\+|\band\b|\bor\b|、|・|および|や|と)\s*(?:(?:an?|our|the) )?"
_PERSON = r"(?P<person>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2})"


@cache
def _grammar() -> _Grammar:
    problems = Problems()
    cues = read_rows(HERE / "mention_cues.csv", Cue, problems)
    rows = read_rows(HERE / "mention_words.csv", Words, problems)
    check_patterns("mention_cues.csv", cues, problems)
    check_patterns("mention_words.csv", rows, problems)
    problems.raise_if_any()

    words = {
        part: "|".join(row.pattern for row in rows if row.part == part)
        for part in {row.part for row in rows}
    }
    anchors = {
        "before": rf"(?:%s)(?:[\s(,:'/-]|\b(?:{words['gap']})\b)*$",
        "after": r"^[\s\"')]*(?:%s)",
    }
    other = rf"(?:{words['other_title']}|\0++)"
    closing = f"(?i:{words['closing']})"
    return _Grammar(
        rules=tuple(
            (cue.kind, cue.side, re.compile(anchors.get(cue.side, "%s").replace("%s", cue.pattern)))
            for cue in cues
        ),
        titles_before=re.compile(rf"(?:(?<!\w){other}{_JOIN}|\0++)++$"),
        titles_after=re.compile(rf"(?:{_JOIN}{other}(?!\w))++"),
        signed=re.compile(
            rf"^[\s–—~*-]*(?:(?:{closing}|\[email\])\W+)?{_PERSON}(?P<mark>\s*[,(–—/|-])?\s*$"
        ),
        alone=re.compile(rf"^[\s–—~*/-]*(?:{_PERSON}|{closing}\b.{{0,20}})\s*[,.!]?$"),
        member=re.compile(rf"[*•·–—-]\s*{_PERSON}\s*[,(:–—-]"),
        not_person=re.compile(rf"\b(?:{words['not_person']})\b"),
        prose=re.compile(rf"\b(?:{words['prose']})\b|[。、はがを]"),
    )


class Place(NamedTuple):
    """Where a name stands; all is folded but `written` and `above`, which are as typed."""

    written: str  # the line up to the name, other titles at its end left out
    prefix: str  # the same with them, without its bullet
    suffix: str  # the line after the name
    before: str  # the sentence up to the name, other titles at its end left out
    after: str
    sentence: str
    above: str  # the last line above that isn't blank
    heading: str
    lines_above: int  # lines that aren't blank
    lines_below: int


_BULLET = re.compile(r"^\s*(?:(?:[^\w\s(]|o(?=\s))+|\(?\d{1,2}[.)])?\s*")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_HEADING = re.compile(r".*[:：]\s*$|^\s*(?:[■【◆▼#=\[［]|\*\*|\d{1,2}\. )(?=.*\w).{0,60}$")
_SHORT = re.compile(r"\s*[^\W\d][^.:：|,。、]{2,39}$")  # a heading if a list or a rule is below it
_BULLETS = tuple("-*–—•·+=_")  # or the line under a heading


def _places(text: str, folded: str, names: Sequence[Name]) -> Iterator[Place]:
    grammar = _grammar()
    lines = [span for span in _line_spans(text) if not text[slice(*span)].isspace()]
    starts = [start for start, _ in lines]
    for index, name in enumerate(names):
        row = bisect_right(starts, name.start) - 1
        line_start = max(lines[row][0], name.start - REACH)
        line_end = min(lines[row][1], name.end + REACH)
        written, line = text[line_start:line_end], folded[line_start:line_end]
        line = _masked(line, line_start, name, names[max(0, index - NEAR) : index + NEAR])
        start, end = name.start - line_start, name.end - line_start
        left, right = next(
            (span for span in sentences(written) if span[0] <= start < span[1]), (0, len(line))
        )
        above = [text[a:b] for a, b in lines[max(0, row - MAX_LIST) : row]]
        yield Place(
            written=text[
                line_start : line_start + len(grammar.titles_before.sub("", line[:start]))
            ],
            prefix=_BULLET.sub("", line[:start]),
            suffix=line[end:].lstrip("\0"),
            before=grammar.titles_before.sub("", _ASIDE.sub("", line[left:start])[-WINDOW:]),
            after=grammar.titles_after.sub(
                "", line[end : min(max(right, end), end + WINDOW)], count=1
            ),
            sentence=line[left:right],
            above=above[-1].strip() if above else "",
            heading=fold(_heading(above, written)),
            lines_above=row,
            lines_below=len(lines) - row - 1,
        )


def _heading(above: Sequence[str], line: str) -> str:
    """Return the nearest line above that heads what follows, or ""."""
    below = line.lstrip()
    for candidate in reversed(above):
        if _HEADING.match(candidate) or (below.startswith(_BULLETS) and _SHORT.match(candidate)):
            return candidate
        below = candidate.lstrip()
    return ""


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1


def _masked(line: str, offset: int, name: Name, near: Sequence[Name]) -> str:
    """Return the line, as long as it was, with the other names in it as NULs."""
    for other in near:
        for start, end in (
            (other.start, min(other.end, name.start)),
            (max(other.start, name.end), other.end),
        ):
            first, last = max(start - offset, 0), min(end - offset, len(line))
            if first < last:
                line = line[:first] + "\0" * (last - first) + line[last:]
    return line


SIGNATURE_LINES = 4  # a signature has fewer lines below it


def _is_signed(place: Place) -> bool:
    """Return whether the line is "Jo Doe, CTO", or "CTO, Acme" under a person's name."""
    is_header = place.lines_above == 0 or (place.lines_above == 1 and place.lines_below > 0)
    if is_header or len(place.suffix) > 80:  # noqa: PLR2004  a post begins with names
        return False
    grammar = _grammar()
    signed = grammar.signed.match(place.written)
    if signed and not _separates(signed, place):
        return False
    if not signed and not place.written.strip() and place.lines_below < SIGNATURE_LINES:
        signed = grammar.alone.match(place.above)
    return signed is not None and not grammar.not_person.search(fold(signed["person"] or ""))


def _separates(signed: re.Match[str], place: Place) -> bool:
    mark = (signed["mark"] or "").strip()
    if mark in ("/", "|"):
        return place.lines_below == 0
    return bool(mark) or " " in signed["person"]  # "Remote CTO" is no person's


_ITEM_ENDS = re.compile(
    r"\s*$|\s*[^\w\s'.]|\.(?:\s|$)|\s*(?:https?:|www\.|\d)|\s+(?:in|for|and|or|to|based|located|who)\b"
)
HEADER_LENGTH = 400  # a longer first line is prose


def _is_listed(place: Place) -> bool:
    """Return whether the name stands in the header or as an item of a list, not in prose."""
    prefix = place.prefix
    if place.lines_above == 0 and len(prefix) + len(place.suffix) < HEADER_LENGTH:
        prefix = prefix.rpartition("|")[2]
    return not _grammar().prose.search(prefix) and bool(_ITEM_ENDS.match(place.suffix))


def _rule(place: Place) -> MentionKind | None:
    for kind, side, pattern in _grammar().rules:
        if pattern.search(getattr(place, side)):
            return kind
    return None


def _kind(place: Place, *, may_be_listed: bool) -> MentionKind | None:
    """Return what the place itself says, or None."""
    if _is_signed(place):
        if place.written.lstrip().startswith(_BULLETS) and _grammar().member.match(place.above):
            return _rule(place) or "background"
        return "author"
    return _rule(place) or ("hires_for" if may_be_listed and _is_listed(place) else None)


def _is_repeated(folded: str, first: Name, second: Name) -> bool:
    """Return whether the second is the first in letters: "Chief Technology Officer (CTO)"."""
    between = folded[first.end : second.start]
    return first.role_id == second.role_id and between in (" (", "(")


def find_mentions(
    text: str, title_roles: Sequence[str] = (), title: str = ""
) -> tuple[RoleMention, ...]:
    """
    Return the leadership roles that the text names, in order, offsets into the text as given.

    `title_roles` are what the posting's own title hires for, if it has a title: prose that names
    one of them ("The VP of Engineering owns delivery") means the position offered.
    """
    folded = fold(text)
    names = find_names(folded)
    if not names:
        return ()
    kinds = [  # beside a title, a list of other leaders is one of people
        _kind(place, may_be_listed=not title_roles or name.role_id in title_roles)
        for name, place in zip(names, _places(text, folded, names), strict=True)
    ]
    for index in range(1, len(names)):
        if _is_repeated(folded, names[index - 1], names[index]):
            kinds[index] = kinds[index - 1]
    offered = set(title_roles) or {
        name.role_id for name, kind in zip(names, kinds, strict=True) if kind == "hires_for"
    }
    other: MentionKind = "works_with" if title else "background"
    return tuple(
        RoleMention(
            start=name.start,
            end=name.end,
            text=text[name.start : name.end],
            role_id=name.role_id,
            kind=kind or ("hires_for" if name.role_id in offered else other),
        )
        for name, kind in zip(names, kinds, strict=True)
    )


def offered_roles(
    mentions: Sequence[RoleMention], title_roles: Sequence[str] = ()
) -> tuple[str, ...]:
    """
    Return the leadership roles that the posting offers, in the order of `LEADERSHIP_ROLES`.

    A posting with a title offers what its title says; a post without one, what its text hires for.
    """
    named = title_roles or [mention.role_id for mention in mentions if mention.kind == "hires_for"]
    return tuple(role for role in LEADERSHIP_ROLES if role in named)

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
from pipeline.mention_names import Name, find_names
from pipeline.text import fold, sentences
from taxonomy.load import HERE, Language, Problems, Row, read_rows

LEADERSHIP_ROLES = (
    "vp_engineering",
    "vp_technology",
    "cto",
    "head_of_engineering",
    "director_engineering",
    "vp_product",
    "cpo",
)
WINDOW = 200  # characters of a sentence read on each side of a name
REACH = 1000  # characters of a line looked at on each side; nobody writes such a list on purpose
NEAR = 20  # names on each side that count as its neighbours
MAX_LIST = 25  # lines between a heading and the last item under it
Side = Literal["before", "after", "sentence", "heading"]


class Cue(Row):
    kind: MentionKind
    lang: Language
    side: Side
    pattern: str  # a regular expression over the folded text
    note: str


class Rule(NamedTuple):
    kind: MentionKind
    side: Side
    pattern: re.Pattern[str]


# What may stand between a cue and the name: "looking for a great first (hands-on) | VP".
_GAP = (
    r"(?:[\s(,:'/-]|\b(?:an?|the|our|my|your|their|his|her|its|this|that|current|new|first|next|great|"
    r"experienced|strong|senior|talented|full[- ]time|part[- ]time|interim|acting|founding|startup|remote|global|group|local|phenomenal|amazing|awesome|"
    r"company|hands-on|technical|dedicated|either|both|\w+'s)\b)*$"
)
# Other people's titles that share the name's place: "our co-founder and | CTO", "CEO, | CTO".
_OTHER = (
    r"(?:co-?founders?|founders?|ceo|coo|cfo|cmo|cso|president|partner|owner|\x00++|"
    r"(?:lead|senior|principal|chief|staff) (?:\w+ )?(?:engineers?|developers?|architect|designer)|"
    r"(?:vp|director|head|chief)(?: of)? \w+(?: \w+)?)"
)
_JOIN = r"\s*(?:,\s*(?:and|or|&)?|/|&|\+|\band\b|\bor\b|、|・|および|や|と)\s*(?:(?:an?|our|the) )?"
_CO_TITLES = re.compile(rf"(?:(?<!\w){_OTHER}{_JOIN}|\x00++)++$")
_CO_TITLES_AFTER = re.compile(rf"(?:{_JOIN}{_OTHER}(?!\w))++")

_ASIDE = re.compile(r"\([^()]*\)")


@cache
def _rules() -> tuple[Rule, ...]:
    problems = Problems()
    rules = []
    for row in read_rows(HERE / "mention_cues.csv", Cue, problems):
        anchored = {
            "before": f"(?:{row.pattern}){_GAP}",
            "after": rf"^[\s\"')]*(?:{row.pattern})" if row.side == "after" else "",
        }.get(row.side, row.pattern)
        try:
            rules.append(Rule(row.kind, row.side, re.compile(anchored)))
        except re.error as error:
            problems.add("mention_cues.csv", row.line, row.pattern, str(error), "correct it")
    problems.raise_if_any()
    return tuple(rules)


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
_HEADING = re.compile(r".*[:：]\s*$|^\s*(?:[■【◆▼#=\[［]|\*\*|\d{1,2}\. ).{0,60}$")


def _places(text: str, folded: str, names: Sequence[Name]) -> Iterator[Place]:
    lines = [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    starts = [start for start, _ in lines]
    for index, name in enumerate(names):
        row = bisect_right(starts, name.start) - 1
        line_start = max(lines[row][0], name.start - REACH)
        line = folded[line_start : min(lines[row][1], name.end + REACH)]
        line = _masked(line, line_start, name, names[max(0, index - NEAR) : index + NEAR])
        start, end = name.start - line_start, name.end - line_start
        left, right = next(
            (span for span in sentences(line) if span[0] <= start < span[1]), (0, len(line))
        )
        above = [text[a:b] for a, b in lines[max(0, row - MAX_LIST) : row]]
        yield Place(
            written=text[line_start : line_start + len(_CO_TITLES.sub("", line[:start]))],
            prefix=_BULLET.sub("", line[:start]),
            suffix=line[end:].lstrip("\0"),
            before=_CO_TITLES.sub("", _ASIDE.sub("", line[left:start])[-WINDOW:]),
            after=_CO_TITLES_AFTER.sub("", line[end : min(max(right, end), end + WINDOW)], count=1),
            sentence=line[left:right],
            above=above[-1].strip() if above else "",
            heading=fold(next(filter(_HEADING.match, reversed(above)), "")),
            lines_above=row,
            lines_below=len(lines) - row - 1,
        )


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


_PERSON = r"(?P<person>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2})"
_CLOSING = r"(?:cheers|thanks?|thank you|regards|best|sincerely|contact)"
_SIGNED = re.compile(rf"^[\s–—~*-]*(?:(?i:{_CLOSING})\W+)?{_PERSON}(?P<mark>\s*[,(–—/|-])?\s*$")
_ALONE = re.compile(rf"^[\s–—~*-]*(?:{_PERSON}|(?i:{_CLOSING})\b.{{0,20}})\s*[,.!]?$")
_NOT_PERSON = re.compile(
    r"\b(?:engineers?|engineering|developers?|designers?|managers?|leads?|head|director|vp|product|"
    r"senior|junior|principal|staff|full|front|back|stack|end|software|data|remote|onsite|the|our|"
    r"former|previous|technical|founding|now|hiring|jobs?|roles?|positions?|open|wanted|leadership|"
    r"interim|fractional|us|usa|uk|new|san|london|berlin|inc|ltd|ops|sales|marketing|architect|"
    r"scientist|analyst|as|is|at|and|or|with|for|an?|to|you|we|if|in|by|be|mobile|ios|android|web|ruby|python|java|devops|sre|qa|operations)\b"
)
SIGNATURE_LINES = 4  # a signature has fewer lines below it


def _is_signed(place: Place) -> bool:
    """Return whether the line is "Jo Doe, CTO", or "CTO, Acme" under a person's name."""
    if place.lines_above < 2 or len(place.suffix) > 80:  # noqa: PLR2004  a post begins with names
        return False
    signed = _SIGNED.match(place.written)
    if signed and not _separates(signed, place):
        return False
    if not signed and not place.written.strip() and place.lines_below < SIGNATURE_LINES:
        signed = _ALONE.match(place.above)
    return bool(signed) and not _NOT_PERSON.search(fold(signed["person"] or ""))


def _separates(signed: re.Match[str], place: Place) -> bool:
    mark = (signed["mark"] or "").strip()
    if mark in ("/", "|"):
        return place.lines_below == 0
    return bool(mark) or " " in signed["person"]  # "Remote CTO" is no person's


_PROSE = re.compile(
    r"\b(?:we|our|us|i|i'm|my|me|you|your|is|are|was|were|has|have|had|will|with|who|that|this|by|"
    r"from|the|as|if|when|where|report\w*|work\w*|under|alongside|including|experience)\b|[。、]"
)
_ITEM_ENDS = re.compile(
    r"\s*$|\s*[^\w\s'.]|\.(?:\s|$)|\s*(?:https?:|www\.|\d)|\s+(?:in|for|and|or|to|based|who)\b"
)
_HEADER_MARKS = re.compile(r"\||\s[-/·•]+\s|//|;|,\s")
HEADER_LENGTH = 400  # a longer first line is prose


def _is_listed(place: Place) -> bool:
    """Return whether the name stands in the header or as an item of a list, not in prose."""
    if place.lines_above == 0 and len(place.prefix) + len(place.suffix) < HEADER_LENGTH:
        segment = re.split(r"\|", place.prefix)[-1]
        return not _PROSE.search(segment) and bool(_ITEM_ENDS.match(place.suffix))
    return not _PROSE.search(place.prefix) and bool(_ITEM_ENDS.match(place.suffix))


def _rule(place: Place) -> MentionKind | None:
    for kind, side, pattern in _rules():
        if pattern.search(getattr(place, side)):
            return kind
    return None


def _kind(place: Place) -> MentionKind | None:
    """Return what the place itself says, or None."""
    if _is_signed(place):
        return "author"
    return _rule(place) or ("hires_for" if _is_listed(place) else None)


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
    kinds = [_kind(place) for place in _places(text, folded, names)]
    offered = {
        *title_roles,
        *(n.role_id for n, k in zip(names, kinds, strict=True) if k == "hires_for"),
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

"""The unknown pieces of a text's lists of skills: "Python, Temporal and Postgres", Goや「Ent」の経験."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.extraction import SkillMention

REACH = 2  # pieces between a term and the known skill of its list
EXAMPLE_CHARS = 80
LONGEST_WORDS, LONGEST_CHARS = 3, 32

_WORD = re.compile(r"[^\W_](?:[\w.+#'&-]*[\w+#])?")
_HARD = re.compile(r"[\n|;:()\[\]{}<>（）【】。：；｜!?！？•●■◆★]|[.](?=\s|$)|\s[-–—*]+\s|\.\.+|…")
_SOFT = re.compile(
    r"\s*(?:[,/、，／・]|\s[+&]\s|\b(?:and/or|and|or|plus)\b|[やと](?=[A-Za-z「ァ-ヺ])|または|および)\s*"
)
_LEAD = re.compile(
    r"^.*\b(?:with|in|using|of|like|as|e\.g\.?|including|use|our|the|on|some|into|for|via|both|any|a)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:etc|experience|skills?|knowledge|preferred|is|are|a plus|on|in|for|with|to|at|if)\b.*$",
    re.IGNORECASE,
)
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_JAPANESE_TERM = re.compile(
    r"「([^「」]{2,20})」"
    r"|^([A-Za-z][A-Za-z0-9_.+#-]*(?: [A-Z][A-Za-z0-9_.+#-]*)*|[ァ-ヺー]{3,})(?=[のをでにはがや等な」]|$)"
    r"|([A-Za-z][A-Za-z0-9_.+#-]*|[ァ-ヺー]{3,})$"
    r"|^([一-鿿ァ-ヺー]{3,10})$"
)
_NAME = re.compile(r"[A-Z0-9+#ァ-ヺー一-鿿]|\w\.\w")
_NO_TERMS = frozenset({"e.g", "i.e", "etc"})
_LETTER = re.compile(r"[^\W\d_]")


class Term(NamedTuple):
    """A piece of a text that stands in a list of skills."""

    text: str
    is_name: bool  # written with a capital, a digit or a sign that its place doesn't ask for
    neighbours: tuple[str, ...]  # skill ids within REACH pieces
    glosses: tuple[str, ...]  # skills that a bracket gives as its other name
    example: str


def terms(text: str, mentions: Iterable[SkillMention]) -> Iterator[Term]:
    """Yield the unknown pieces of lists that hold known skills."""
    spans = [(one.start, one.end, one.skill_id) for one in mentions]
    if not spans:
        return
    glosses = _glosses(text, spans)
    start = place = 0
    for stop in [*_HARD.finditer(text), None]:
        end = stop.start() if stop else len(text)
        while place < len(spans) and spans[place][0] < start:
            place += 1
        inside = place
        while inside < len(spans) and spans[inside][1] <= end:
            inside += 1
        if inside > place or start in glosses or end in glosses:
            yield from _list_terms(text, start, end, spans[place:inside], glosses)
        start, place = (stop.end() if stop else end), inside


Span = tuple[int, int, str]


def _glosses(text: str, spans: list[Span]) -> dict[int, str]:
    """Where a bracket opens on or closes after a known skill: "K8s (Kubernetes)"."""
    found = {}
    for start, end, skill_id in spans:
        if text[start - 1 : start] in {"(", "（"} and text[end : end + 1] in {")", "）"}:
            found[start - 1] = skill_id
    return found


def _list_terms(
    text: str, start: int, end: int, spans: list[Span], glosses: dict[int, str]
) -> Iterator[Term]:
    pieces: list[tuple[str, int, tuple[str, ...]]] = []  # text, where it ends, its skills
    begin = start
    for stop in [*_SOFT.finditer(text, start, end), None]:
        until = stop.start() if stop else end
        if until > begin:
            known = tuple(one[2] for one in spans if one[0] < until and one[1] > begin)
            pieces.append((text[begin:until], until, known))
        begin = stop.end() if stop else end
    for index, (piece, until, known) in enumerate(pieces):
        term = "" if known else term_of(piece)
        if not term:
            continue
        around = pieces[max(0, index - REACH) : index + REACH + 1]
        neighbours = tuple(skill_id for _, _, skills in around for skill_id in skills)
        gloss = glosses.get(until)
        if neighbours or gloss:
            # The first word of a sentence has its capital anyway.
            is_name = bool(_NAME.search(term if index else term[1:]))
            example = " ".join(text[start:end].split())[:EXAMPLE_CHARS]
            yield Term(term, is_name, neighbours, (gloss,) if gloss else (), example)


def term_of(piece: str) -> str:
    """Return the name that a piece of a list is, or ""."""
    piece = piece.strip(" \t\"'“”‘’*_.-·")
    if _JAPANESE.search(piece):
        match = _JAPANESE_TERM.search(piece)
        return next((group for group in match.groups() if group), "") if match else ""
    piece = _TAIL.sub("", _LEAD.sub("", piece)).strip(" \"'.")
    words = piece.split()
    is_name = (
        0 < len(words) <= LONGEST_WORDS
        and len(piece) <= LONGEST_CHARS
        and all(_WORD.fullmatch(word) for word in words)
        and _LETTER.search(piece)
        and len(piece) > 1
        and (len(words) == 1 or all(_NAME.match(word) for word in words))
        and piece.casefold() not in _NO_TERMS
    )
    return piece if is_name else ""

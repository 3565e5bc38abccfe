"""
Text to named skills, by the aliases of taxonomy/skill_aliases.csv.

One Aho-Corasick pass over the folded text finds every alias on a word's edges (`occurrences.py`); of
those over each other the longest is kept. An alias that is also a common word ("Go", "Spark", "Notion") counts only where
its context rule holds:

    list   in a list with another technology, or of three such names: "Go, C, R"
    cue    as `list`, or beside words that make it a technology: "experience with Go", "Goで"
    line   as `cue`, or on a line that names another technology
    asked  near a word that asks for it: "experience in recruiting", 採用の経験; without that,
           "recruiting" is a duty or a field of work, not a named skill
    never  never: "go to market" is longer than "Go", and so hides it
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.extraction import SkillMention
from pipeline.occurrences import Occurrence, WordFinder
from pipeline.text import fold, without_addresses
from taxonomy.load import SkillAlias, Skills, load_skills

CUE_CHARS = 24  # how far before a name its cue is sought
ASKED_BEFORE, ASKED_AFTER = 80, 40  # how far from a word of work what asks for it may stand
LIST_OF_NAMES = 3  # doubtful names that make each other certain

_GAP = re.compile(r"(?:[\s,/|、・+&;()\[\]:*•]|\b(?:and|or)\b|や|と|および|または)*")
_NOT_A_NAME = re.compile(r"\s*(?:-\w|&\s?\w|20\d\d|'s\b)")
_BREAK = re.compile(r"[\n。;•]|[.!?](?=\s)")
_ASKED = re.compile(
    r"\b(?:experienc|knowledge|proficien|familiar|expert|skill|understand|background|abilit|able to"
    r"|fluen|comfortable|degree|certif|track record|hands-on|versed|adept|competen|literacy)"
    r"|経験|知識|スキル|能力|理解|知見|素養|得意|(?:した|できる|ある|持つ|詳しい|明るい|強い)方|こと$"
    r"|尚可|なお可|歓迎|資格|力[をがのと、]"
)
_NOT_ASKED = re.compile(
    r"不要|問いません|not required|no need|(?:n't|not) (?:need|require)|\bour (?!stack)"
)
_CUE_BEFORE = re.compile(
    r"(?:\b(?:in|with|using|use|uses|via|like|as|know|knows|learn|of|e\.g\.|including|languages?:"
    r"|stack:|tools?:|skills?:)|[・:：]|言語[はが:]?|主に)\s*$"
)
_CUE_AFTER = re.compile(
    r"\s*(?:\b(?:developers?|engineers?|programm\w+|code\w*|language|framework|library|stack"
    r"|scripts?|backend|back-end|frontend|front-end|experience|skills?|shop|devs?)\b"
    r"|[やでをとの、などがは]|または|および|言語|エンジニア|による|を用い|での|開発|経験|プロトコル)"
)


class Candidate(NamedTuple):
    """An alias where it stands, with the rows of skill_aliases.csv that it may be."""

    start: int
    end: int
    rows: tuple[SkillAlias, ...]


class SkillFinder:
    """Finds the aliases of a taxonomy; build once, call for each text."""

    def __init__(self, skills: Skills) -> None:
        rows: dict[str, list[SkillAlias]] = {}
        for row in skills.aliases:
            rows.setdefault(fold(row.alias), []).append(row)
        self._rows = {word: tuple(of_word) for word, of_word in rows.items()}
        self._as_written = {
            word for word, of_word in rows.items() if any(row.is_case_sensitive for row in of_word)
        }
        self.occurrences = WordFinder(rows)
        self._technologies = {
            row.skill_id for row in skills.skills if row.kind == "technology" and row.broader_id
        }

    def __call__(self, text: str) -> tuple[SkillMention, ...]:
        folded = without_addresses(fold(text))
        found = self._in_context(self.candidates(text, folded), folded)
        return tuple(
            SkillMention(start=start, end=end, text=text[start:end], skill_id=alias.skill_id)
            for start, end, alias in found
        )

    def candidates(self, text: str, folded: str) -> list[Candidate]:
        """Return the aliases in a text, in order, none over another; `folded` is its folding."""
        found = []
        reached = 0
        for start, end, word in sorted(self.occurrences(folded), key=_leftmost_longest):
            if start < reached:
                continue
            rows = self._rows[word]
            if word in self._as_written:
                rows = tuple(row for row in rows if _is_as_written(row, text[start:end]))
            if rows:
                found.append(Candidate(start, end, rows))
                reached = end
        return found

    def _in_context(
        self, found: list[Candidate], folded: str
    ) -> Iterator[tuple[int, int, SkillAlias]]:
        lists: list[range] = []
        for place, (start, end, rows) in enumerate(found):
            if not rows[0].context:
                yield start, end, rows[0]
                continue
            if not lists:  # many texts hold no doubtful name
                lists = _lists(found, folded)
                certain = [self._is_certain(candidate) for candidate in found]
                certain_at = [one.start for one, yes in zip(found, certain, strict=True) if yes]
            here = _Surroundings(folded, found, certain, certain_at, lists[place], place)
            for alias in rows:
                if _RULES[alias.context](here):
                    yield start, end, alias
                    break

    def _is_certain(self, candidate: Candidate) -> bool:
        """Whether it names a technology, not a field of work, whatever stands around it."""
        alias = candidate.rows[0]
        return not alias.context and alias.skill_id in self._technologies


def _leftmost_longest(found: Occurrence) -> tuple[int, int]:
    return found[0], -found[1]


def _is_as_written(alias: SkillAlias, text: str) -> bool:
    return not alias.is_case_sensitive or alias.alias in (text, unicodedata.normalize("NFKC", text))


def _lists(found: list[Candidate], folded: str) -> list[range]:
    """For each candidate the range of candidates that stand with it in one list."""
    lists: list[range] = []
    first = 0
    for index in range(1, len(found) + 1):
        if index == len(found) or not _GAP.fullmatch(
            folded, found[index - 1].end, found[index].start
        ):
            lists += [range(first, index)] * (index - first)
            first = index
    return lists


class _Surroundings(NamedTuple):
    """A candidate among the others of its text."""

    folded: str
    found: list[Candidate]
    certain: list[bool]
    certain_at: list[int]  # where the certain ones start
    listed: range  # the candidates of the same list
    place: int

    @property
    def span(self) -> tuple[int, int]:
        return self.found[self.place][:2]


def _is_listed(one: _Surroundings) -> bool:
    if _NOT_A_NAME.match(one.folded, one.span[1]):
        return False
    if len(one.listed) >= LIST_OF_NAMES or any(one.certain[index] for index in one.listed):
        return True
    return len(one.listed) > 1 and _is_led_in(one.folded, one.found[one.listed[0]].start)


def _has_cue(one: _Surroundings) -> bool:
    start, end = one.span
    if _NOT_A_NAME.match(one.folded, end):
        return False
    return (
        bool(_CUE_AFTER.match(one.folded, end)) or _is_led_in(one.folded, start) or _is_listed(one)
    )


def _is_led_in(folded: str, start: int) -> bool:
    return bool(_CUE_BEFORE.search(folded, max(0, start - CUE_CHARS), start))


def _shares_line(one: _Surroundings) -> bool:
    start, end = one.span
    if _NOT_A_NAME.match(one.folded, end):
        return False
    if _has_cue(one):
        return True
    line_start = one.folded.rfind("\n", 0, start) + 1
    line_end = one.folded.find("\n", end)
    line_end = len(one.folded) if line_end < 0 else line_end
    first = bisect_left(one.certain_at, line_start)
    return first < len(one.certain_at) and one.certain_at[first] < line_end


def _is_asked(one: _Surroundings) -> bool:
    start, end = one.span
    before = _BREAK.split(one.folded[max(0, start - ASKED_BEFORE) : start])[-1]
    after = _BREAK.split(one.folded[end : end + ASKED_AFTER])[0]
    near = before + one.folded[start:end] + after
    return bool(_ASKED.search(near)) and not _NOT_ASKED.search(near)


_RULES: dict[str, Callable[[_Surroundings], bool]] = {
    "": lambda _: True,
    "list": _is_listed,
    "cue": _has_cue,
    "line": _shares_line,
    "asked": _is_asked,
    "never": lambda _: False,
}


@cache
def _finder() -> SkillFinder:
    return SkillFinder(load_skills())


def find_skills(text: str, *, employer: str = "") -> tuple[SkillMention, ...]:
    """
    Find the named skills of a text, in order; offsets refer to `text` as given.

    The employer's own name is no skill, nor is its beginning: every posting of Datadog, Inc. says
    Datadog.
    """
    mentions = _finder()(text)
    if not employer:
        return mentions
    own = re.sub(r"\W", " ", fold(employer)) + " "
    return tuple(mention for mention in mentions if not own.startswith(f"{fold(mention.text)} "))

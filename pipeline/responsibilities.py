"""
Text to the duties and leadership skills that it states, sentence by sentence.

The vocabulary is data, taxonomy/responsibility_cues.csv, one cue a line:

    hire*|recruit*          any of these words; * stands for any ending
    own|manage + budget     both in one clause, in any order
    grow > team*            the second soon after the first
    code + !dress code      the first, where the second isn't in the clause
    ^our                    the word at the start of the sentence
    grow > @people          any of the words of that name in taxonomy/responsibility_words.csv

A cue `states` a responsibility, `cancels` what its clause states ("you won't write code"),
`excludes` its sentence (pay, process, the company), or shows that the sentence `asks` for
experience, or that it `may_ask` ("You …" begins both); `when` limits a cue to sentences that ask
or that state a duty. Headings switch what follows:
`heading_work`, `heading_asks`, and `heading_other` for benefits and the like, where nothing counts.
"""

import re
import string
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick_rs

from pipeline.extraction import ResponsibilityMention
from pipeline.skills import without_addresses
from pipeline.text import fold, sentences
from taxonomy.load import (
    HERE,
    Problems,
    Row,
    TaxonomyError,
    check_known,
    load_responsibilities,
    read_rows,
)

NEAR_CHARS = {"en": 45, "ja": 16}  # how soon "soon after" is
HEADING_CHARS = 40  # a longer line is a sentence

Effect = Literal[
    "states",
    "cancels",
    "excludes",
    "asks",
    "may_ask",
    "heading_work",
    "heading_asks",
    "heading_other",
]
_NAMED = re.compile(r"@(\w+)")
_CLAUSE_END = re.compile(
    r"[;()]|\s[-–—]\s|, (?:but|though|although|while|whereas)\b|(?:ため|ので|が|けれど)、|。"
)
_BULLET = re.compile(r"[\s・\-–—*•●◦▪■□◆◇○※>]*(?:\d{1,2}[.)]\s)?")
_BEFORE_SENTENCE = re.compile(r"(?:^|\n|[.!?:|]\s)[\s*\-•]*$")
_LIST_MARKS = frozenset("・-–*•")
_ORNAMENT = re.compile(r"[^\w]*(?:\d{1,2}[.)]\s*)?[^\w]*")
_LATIN = frozenset(string.ascii_lowercase + string.digits)
_SENTENCE_END = (".", "。", "!", "?", ",", "、")


class CueRow(Row):
    lang: Literal["en", "ja"]
    effect: Effect
    responsibility_id: str = ""
    when: Literal["", "asks", "duty"] = ""
    cue: str
    note: str = ""


class WordsRow(Row):
    name: str
    words: str


class Term(NamedTuple):
    """A part of a cue: its operator ("", "+", ">" or "!") and the words, any of which will do."""

    operator: str
    words: tuple[str, ...]


class Cue(NamedTuple):
    row: CueRow
    terms: tuple[Term, ...]


Hits = dict[str, list[tuple[int, int]]]  # word → its places, in order


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    section: str  # the effect of the heading above it, or ""


def parse_cue(row: CueRow) -> Cue:
    """Parse the notation above. Raises TaxonomyError for an empty part."""
    parts = re.split(r"\s+([+>])\s+", row.cue)
    terms = []
    for operator, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        sign = "!" if part.startswith("!") else operator
        alternatives = part.removeprefix("!").split("|")
        words = tuple(dict.fromkeys(fold(word.strip()) for word in alternatives))
        if not all(words):
            reason = f'"{row.cue}" has an empty part; write words between the signs'
            raise TaxonomyError(f"responsibility_cues.csv line {row.line}: {reason}")
        terms.append(Term(sign, words))
    return Cue(row, tuple(terms))


class ResponsibilityReader:
    """Reads by the cues given; build once, call for each text."""

    def __init__(self, rows: Iterable[CueRow]) -> None:
        self._cues = [parse_cue(row) for row in rows]
        self._by_word: dict[str, list[Cue]] = {}
        words = set[str]()
        for cue in self._cues:
            for term in cue.terms:
                words.update(term.words)
            for word in cue.terms[0].words:
                self._by_word.setdefault(word, []).append(cue)
        self._words = sorted(words)
        self._automaton = ahocorasick_rs.AhoCorasick([word.strip("^*") for word in self._words])

    def read(self, text: str) -> Iterator[tuple[Sentence, tuple[str, ...]]]:
        """Yield the sentences that state something, with the ids in order of appearance."""
        folded = without_addresses(fold(text))
        hits = list(self._hits(folded))
        section = ""
        bounds = sentences(text)
        starts = [start for start, _ in bounds]
        by_sentence: dict[int, list[tuple[int, int, str]]] = {}
        for hit in hits:
            by_sentence.setdefault(bisect_right(starts, hit[0]) - 1, []).append(hit)
        for index, (start, end) in enumerate(bounds):
            found = by_sentence.get(index)
            if not found:
                continue
            heading = self._heading(folded, start, end, found)
            if heading:
                section = heading
            elif section != "heading_other":
                ids = self._ids(folded, Sentence(start, end, section), found)
                if ids:
                    yield Sentence(start, end, section), ids

    def _hits(self, folded: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, word) of each cue word, by position."""
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            word = self._words[index]
            if not _is_word(folded, start, end, has_any_ending=word.endswith("*")):
                continue
            if not word.startswith("^") or _opens_sentence(folded, start):
                yield start, end, word

    def _heading(self, folded: str, start: int, end: int, found: list[tuple[int, int, str]]) -> str:
        """Return the effect of the longest heading word that opens or fills a line, or ""."""
        line = folded[start:end]
        is_last = end == len(folded.rstrip())
        if end - start > HEADING_CHARS or line.endswith(_SENTENCE_END) or is_last:
            return ""
        if line[0] in _LIST_MARKS or folded[end : end + 1] not in ("\n", ""):
            return ""
        opening = start + len(_ORNAMENT.match(line)[0])  # type: ignore[index]  # matches all
        best = ""
        longest = 0
        for at, until, word in found:
            if at != opening and (folded[at].isascii() or (until - at) * 2 < len(line)):
                continue
            for cue in self._by_word.get(word, ()):
                if cue.row.effect.startswith("heading") and until - at > longest:
                    best, longest = cue.row.effect, until - at
        return best

    def _ids(
        self, folded: str, sentence: Sentence, found: list[tuple[int, int, str]]
    ) -> tuple[str, ...]:
        whole = _by_word(found)
        fired = {one.row.effect for one, _ in self._fire(whole, {"excludes", "asks", "may_ask"})}
        if "excludes" in fired:
            return ()
        whens = {""}
        if "asks" in fired or sentence.section == "heading_asks":
            whens.add("asks")
        else:
            whens.update({"duty", "asks"} if "may_ask" in fired else {"duty"})
        stated: dict[str, int] = {}
        for clause in _clauses(folded, sentence, found):
            hits = _by_word(clause)
            if any(self._fire(hits, {"cancels"})):
                continue
            for cue, start in self._fire(hits, {"states"}):
                if cue.row.when in whens:
                    one = cue.row.responsibility_id
                    stated[one] = min(start, stated.get(one, start))
        return tuple(sorted(stated, key=lambda one: (stated[one], one)))

    def _fire(self, hits: Hits, effects: set[str]) -> Iterator[tuple[Cue, int]]:
        """Yield each cue of those effects that the hits satisfy, and where it begins."""
        for word in hits:
            for cue in self._by_word.get(word, ()):
                if cue.row.effect in effects:
                    start = _start(cue, hits)
                    if start is not None:
                        yield cue, start


def _is_word(folded: str, start: int, end: int, *, has_any_ending: bool) -> bool:
    """Whether a Latin cue word stands at a word's edges; Japanese has none to ask for."""
    if folded[start] in _LATIN and start and folded[start - 1] in _LATIN:
        return False
    return (
        has_any_ending
        or folded[end - 1] not in _LATIN
        or end == len(folded)
        or folded[end] not in _LATIN
    )


def _opens_sentence(folded: str, start: int) -> bool:
    return not start or bool(_BEFORE_SENTENCE.search(folded, max(0, start - 6), start))


def _by_word(found: list[tuple[int, int, str]]) -> Hits:
    hits: Hits = {}
    for start, end, word in found:
        hits.setdefault(word, []).append((start, end))
    return hits


def _clauses(
    folded: str, sentence: Sentence, found: list[tuple[int, int, str]]
) -> Iterator[list[tuple[int, int, str]]]:
    """Split what was found by clauses: a negation reaches no further than its own."""
    ends = [match.start() for match in _CLAUSE_END.finditer(folded, sentence.start, sentence.end)]
    clauses: dict[int, list[tuple[int, int, str]]] = {}
    for hit in found:
        clauses.setdefault(bisect_right(ends, hit[0]), []).append(hit)
    yield from clauses.values()


def _start(cue: Cue, hits: Hits) -> int | None:
    """Return where the cue begins, or None where one of its parts is missing."""
    places: list[tuple[int, int]] = []
    first: int | None = None
    for operator, words in cue.terms:
        here = sorted(place for word in words for place in hits.get(word, ()))
        if operator == "!":
            if here:
                return None
            continue
        if operator == ">":
            near = NEAR_CHARS[cue.row.lang]
            here = [
                place for place in here if any(0 <= place[0] - end <= near for _, end in places)
            ]
        if not here:
            return None
        if first is None:
            first = here[0][0]
        places = here
    return first


def load_cues(folder: Path = HERE) -> tuple[CueRow, ...]:
    """Load responsibility_cues.csv, its named words written out. Raises TaxonomyError."""
    problems = Problems()
    named = {
        row.name: row.words
        for row in read_rows(folder / "responsibility_words.csv", WordsRow, problems)
    }
    rows = read_rows(folder / "responsibility_cues.csv", CueRow, problems)
    rows = tuple(_with_named_words(row, named, problems) for row in rows)
    ids = [row.responsibility_id for row in load_responsibilities(folder)]
    check_known("responsibility_cues.csv", rows, lambda row: row.responsibility_id, ids, problems)
    for row in rows:
        if (row.effect == "states") != bool(row.responsibility_id):
            reason = "a cue that states has a responsibility_id, another has none"
            problems.add("responsibility_cues.csv", row.line, row.cue, reason, "correct one")
    problems.raise_if_any()
    return rows


def _with_named_words(row: CueRow, named: dict[str, str], problems: Problems) -> CueRow:
    for name in _NAMED.findall(row.cue):
        if name not in named:
            reason = "isn't in responsibility_words.csv"
            problems.add("responsibility_cues.csv", row.line, f"@{name}", reason, "add it there")
    return row.model_copy(
        update={"cue": _NAMED.sub(lambda match: named.get(match[1], match[0]), row.cue)}
    )


@cache
def _reader() -> ResponsibilityReader:
    return ResponsibilityReader(load_cues())


def find_responsibilities(text: str) -> tuple[ResponsibilityMention, ...]:
    """Find what the sentences of a text state; the span of each is its sentence or list item."""
    mentions = []
    for sentence, ids in _reader().read(text):
        bullet = _BULLET.match(text, sentence.start, sentence.end)
        start = bullet.end() if bullet else sentence.start
        mentions += [
            ResponsibilityMention(
                start=start,
                end=sentence.end,
                text=text[start : sentence.end],
                responsibility_id=one,
            )
            for one in ids
        ]
    return tuple(mentions)


def responsibilities_of(sentence: str) -> tuple[str, ...]:
    """Return the ids that one sentence or list item states, in order of appearance."""
    return tuple(dict.fromkeys(one.responsibility_id for one in find_responsibilities(sentence)))

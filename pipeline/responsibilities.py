"""
Text to the duties and leadership skills that it states, sentence by sentence.

The vocabulary is data, taxonomy/responsibility_cues.csv, one cue a line:

    hire*|recruit*          any of these words; * stands for any ending
    own|manage + budget     both in one clause, in any order
    grow > team*            the second soon after the first
    code + !dress code      the first, where the second isn't in the clause
    ^our                    the word at the start of the sentence; です。 at its end
    grow > @people          any of the words of that name in taxonomy/responsibility_words.csv

A cue `states` a responsibility, `cancels` what its clause states ("you won't write code"),
`excludes` its sentence (pay, process, the company), or shows that the sentence `asks` for
experience, or that it `may_ask` ("You …" begins both), or that it says what one `does` ("Run …");
`when` limits a cue to sentences that ask or that state a duty. Headings switch what follows:
`heading_work`, `heading_asks`, and `heading_other` for benefits and the like, where nothing counts.

A sentence with a line of its own, as duties and requirements mostly have, is also compared with
labelled ones (likeness.py): what is unlike them isn't stated, whatever its words, and what is very
like them is stated even where no cue knows its words, unless a cue cancels or excludes it. A
whole sentence that no cue reads states what it is most like. What one does isn't a skill, whatever
it is like.
"""

import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick_rs

from pipeline.extraction import ResponsibilityMention
from pipeline.likeness import language_of, load_likeness
from pipeline.text import fold, sentences, without_addresses
from taxonomy.load import HERE, load_responsibilities
from taxonomy.rows import Problems, Row, TaxonomyError, check_known, read_rows

NEAR_CHARS = {"en": 45, "ja": 16}  # how soon "soon after" is
HEADER_BARS = 2  # "Acme | VP of Engineering | Berlin" is a header: names, not duties
REMEMBERED_SENTENCES = 20_000
HEADING_CHARS = 40  # a longer line is a sentence
LIKE_NONE = 0.1  # likeness below which a cue is doubted
LIKE_SHARE = 0.25  # of the likeliest one's, likewise
LIKE_ENOUGH = 0.55  # likeness that needs no cue
LIKE_ALONE = 0.3  # of the likeliest, where no cue says anything

Effect = Literal[
    "states",
    "cancels",
    "excludes",
    "asks",
    "may_ask",
    "does",
    "heading_work",
    "heading_asks",
    "heading_other",
]
_NAMED = re.compile(r"@(\w+)")
HEADINGS: tuple[Effect, ...] = ("heading_work", "heading_asks", "heading_other")
_CLAUSE_END = re.compile(
    r"[;()]|\s[-–—]\s|, (?:but|though|although|while|whereas)\b|(?:ため|ので|が|けれど)、|。"
    r"|(?<=が担い)、|(?<=が担当し)、|(?<=が受け持ち)、|(?<=ており)、|(?<=[には]任せ)、"
    r"|(?<=[せらわまた]ず)、"
    r"|(?<!だけで)(?<!のみで)(?<!ばかりで)はなく、"
)
_BULLET = re.compile(r"[\s・\-–—*•●◦▪■□◆◇○※>]*(?:\d{1,2}[.)]\s)?")
_BEFORE_SENTENCE = re.compile(r"(?:^|\n|[.!?:|]\s)[\s*\-•]*$")
_LIST_MARKS = frozenset("・-–*•")
_ORNAMENT = re.compile(r"[^\w]*(?:\d{1,2}[.)]\s*)?[^\w]*")
_LATIN = frozenset(string.ascii_lowercase + string.digits)
_AFTER_SENTENCE = " .。!\n"
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
    words: frozenset[str]


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
        words = frozenset(fold(word.strip()) for word in alternatives)
        if not all(words):
            reason = f'"{row.cue}" has an empty part; write words between the signs'
            raise TaxonomyError(f"responsibility_cues.csv line {row.line}: {reason}")
        terms.append(Term(sign, words))
    return Cue(row, tuple(terms))


class ResponsibilityReader:
    """Reads by the cues given; build once, call for each text."""

    def __init__(
        self,
        rows: Iterable[CueRow],
        likeness: Callable[[str], dict[str, float]] | None = None,
        *,
        skills: Collection[str] = (),
    ) -> None:
        self._likeness = likeness
        self._skills = skills
        self._cues: dict[str, dict[str, list[Cue]]] = {}  # effect → first word → cues
        words = set[str]()
        for cue in map(parse_cue, rows):
            by_word = self._cues.setdefault(cue.row.effect, {})
            for term in cue.terms:
                words.update(term.words)
            for word in cue.terms[0].words:
                by_word.setdefault(word, []).append(cue)
        self._words = sorted(words)
        self._automaton = ahocorasick_rs.AhoCorasick([word.strip("^*。") for word in self._words])
        # Company blurbs and city copies repeat, word for word.
        self._remembered = lru_cache(maxsize=REMEMBERED_SENTENCES)(self._ids)

    def read(self, text: str) -> Iterator[tuple[Sentence, tuple[str, ...]]]:
        """Yield the sentences that state something, with the ids in order of appearance."""
        folded = without_addresses(fold(text))
        last = len(folded.rstrip())
        section = ""
        for start, end in sentences(text):
            sentence = folded[start:end]
            is_line_end = end >= last or folded[end] == "\n"
            is_short = end - start <= HEADING_CHARS and end < last
            heading = self._heading(sentence) if is_line_end and is_short else ""
            if heading:
                section = heading
            elif section != "heading_other" and sentence.count("|") < HEADER_BARS:
                is_alone = is_line_end and folded[start - 1 : start] in ("", "\n")
                ids = self._remembered(
                    sentence, is_asked=section == "heading_asks", is_alone=is_alone
                )
                if ids:
                    yield Sentence(start, end, section), ids

    def _hits(self, sentence: str) -> list[tuple[int, int, str]]:
        """Return (start, end, word) of each cue word, by position."""
        hits = []
        for index, start, end in self._automaton.find_matches_as_indexes(
            sentence, overlapping=True
        ):
            word = self._words[index]
            # The edges of a Latin word are checked here: a call for each would cost the most.
            if start and sentence[start] in _LATIN and sentence[start - 1] in _LATIN:
                continue
            if (
                end < len(sentence)
                and sentence[end] in _LATIN
                and word[-1] != "*"
                and sentence[end - 1] in _LATIN
            ):
                continue
            if word[0] == "^" and not _opens_sentence(sentence, start):
                continue
            if word[-1] == "。" and sentence[end:].strip(_AFTER_SENTENCE):
                continue
            hits.append((start, end, word))
        return hits

    def _heading(self, line: str) -> str:
        """Return the effect of the longest heading word that opens or fills a short line, or ""."""
        if line.endswith(_SENTENCE_END) or line[0] in _LIST_MARKS:
            return ""
        opening = len(_ORNAMENT.match(line)[0])  # type: ignore[index]  # matches all
        best = ""
        longest = 0
        for start, end, word in self._hits(line):
            length = end - start
            if length <= longest:
                continue
            if start != opening and (line[start].isascii() or length * 2 < len(line)):
                continue
            for effect in HEADINGS:
                if word in self._cues.get(effect, ()):
                    best, longest = effect, length
        return best

    def _ids(self, sentence: str, *, is_asked: bool, is_alone: bool) -> tuple[str, ...]:
        found = self._hits(sentence)
        stated: list[tuple[Cue, int]] = []
        cancelled = set[str]()
        is_cancelled = False
        for hits in map(_by_word, _clauses(sentence, found)):
            fired = list(self._fire(hits, "states"))
            if any(self._fire(hits, "cancels")):
                is_cancelled = True
                cancelled.update(cue.row.responsibility_id for cue, _ in fired)
            else:
                stated += fired
        # "You don't hire; the recruiting team does."
        stated = [one for one in stated if one[0].row.responsibility_id not in cancelled]
        likeness = self._likeness if is_alone else None
        if not stated and (is_cancelled or not likeness):
            return ()
        whole = _by_word(found)
        if any(self._fire(whole, "excludes")):
            return ()
        first = self._first_places(stated, self._whens(whole, is_asked=is_asked))
        if likeness:
            values = likeness(sentence)
            if any(self._fire(whole, "does")):
                values |= dict.fromkeys(self._skills, 0.0)
            first = _weighed(first, values, sentence, is_cancelled=is_cancelled)
        return tuple(sorted(first, key=lambda one: (first[one], one)))

    def _whens(self, whole: Hits, *, is_asked: bool) -> set[str]:
        """Return which cues count: those of duties, of what is asked for, or both."""
        if is_asked or any(self._fire(whole, "asks")):
            return {"", "asks"}
        if any(self._fire(whole, "may_ask")):
            return {"", "duty", "asks"}
        return {"", "duty"}

    @staticmethod
    def _first_places(stated: list[tuple[Cue, int]], whens: set[str]) -> dict[str, int]:
        first: dict[str, int] = {}
        for cue, start in stated:
            if cue.row.when in whens:
                one = cue.row.responsibility_id
                first[one] = min(start, first.get(one, start))
        return first

    def _fire(self, hits: Hits, effect: Effect) -> Iterator[tuple[Cue, int]]:
        """Yield each cue of that effect that the hits satisfy, and where it begins."""
        cues = self._cues.get(effect, {})
        for word in hits:
            for cue in cues.get(word, ()):
                start = _start(cue, hits)
                if start is not None:
                    yield cue, start


def _is_whole(sentence: str) -> bool:
    """Return whether it may be a sentence: English titles and lists of tools have no full stop."""
    return language_of(sentence) == "ja" or sentence.rstrip().endswith(".")


def _weighed(
    stated: dict[str, int], values: dict[str, float], sentence: str, *, is_cancelled: bool
) -> dict[str, int]:
    """Doubt what cues state by likeness, and complete it unless a clause was cancelled."""
    likeliest = max(values, key=lambda one: values[one])
    least = max(LIKE_NONE, LIKE_SHARE * values[likeliest])
    first = {one: at for one, at in stated.items() if values.get(one, least) >= least}
    if is_cancelled or not (stated or _is_whole(sentence)):
        return first
    if not first and values[likeliest] > LIKE_ALONE and _is_whole(sentence):
        first[likeliest] = len(sentence)
    for one, value in values.items():
        if value > LIKE_ENOUGH:
            first.setdefault(one, len(sentence))
    return first


def _opens_sentence(text: str, start: int) -> bool:
    return not start or bool(_BEFORE_SENTENCE.search(text, max(0, start - 6), start))


def _by_word(found: list[tuple[int, int, str]]) -> Hits:
    hits: Hits = {}
    for start, end, word in found:
        hits.setdefault(word, []).append((start, end))
    return hits


def _clauses(
    sentence: str, found: list[tuple[int, int, str]]
) -> Iterable[list[tuple[int, int, str]]]:
    """Split what was found by clauses: a negation reaches no further than its own."""
    ends = [match.start() for match in _CLAUSE_END.finditer(sentence)]
    if not ends:
        return (found,)
    clauses: dict[int, list[tuple[int, int, str]]] = {}
    for hit in found:
        clauses.setdefault(bisect_right(ends, hit[0]), []).append(hit)
    return clauses.values()


def _start(cue: Cue, hits: Hits) -> int | None:
    """Return where the cue begins, or None where one of its parts is missing."""
    for operator, words in cue.terms:
        if words.isdisjoint(hits) is (operator != "!"):
            return None
    places: list[tuple[int, int]] = []
    first: int | None = None
    for operator, words in cue.terms:
        if operator == "!":
            continue
        here = _places_of(words, hits)
        if operator == ">":
            here = list(_soon_after(here, places, NEAR_CHARS[cue.row.lang]))
            if not here:
                return None
        if first is None:
            first = here[0][0]
        places = here
    return first


def _places_of(words: frozenset[str], hits: Hits) -> list[tuple[int, int]]:
    found = words.intersection(hits)
    if len(found) == 1:
        return hits[next(iter(found))]
    return sorted(place for word in found for place in hits[word])


def _soon_after(
    here: list[tuple[int, int]], places: list[tuple[int, int]], near: int
) -> Iterator[tuple[int, int]]:
    """Yield the places that begin at most `near` characters after the end of one before."""
    ends = sorted(end for _, end in places)
    for place in here:
        index = bisect_left(ends, place[0] - near)
        if index < len(ends) and ends[index] <= place[0]:
            yield place


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
    skills = {one.responsibility_id for one in load_responsibilities() if one.kind == "skill"}
    return ResponsibilityReader(load_cues(), load_likeness(), skills=skills)


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

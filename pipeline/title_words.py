"""A title as tokens: words that the taxonomy knows, words that it doesn't, what joins them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import ahocorasick_rs

from taxonomy.folding import fold
from taxonomy.load import RoleAlias, TitleWord

Kind = Literal["entry", "word", "and", "of", "preposition", "headcount", "separator"]

PRACTITIONERS = frozenset(
    {"software_engineer", "data_engineer", "ml_engineer", "sre", "qa_engineer", "security_engineer"}
)

_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_LATIN = re.compile(r"[a-zà-ɏ]")
_GAP = re.compile(r"[^\W_]+(?:['.&+#-][^\W_]+)*|\s-|-\s|[^\w\s.'#]|_")
_JOINTS: dict[str, Kind] = {
    **dict.fromkeys(("and", "&", "/", "・", "+", "und", "or"), "and"),
    **dict.fromkeys(("for", "in", "at", "to", "with", "on", "by", "from", "für"), "preposition"),
    **dict.fromkeys(("of", "de", "da", "do", "del", "der"), "of"),
}
_SHORT_FORMS = frozenset({"em", "tl"})  # read in English only in capitals, beside software
_CAPITALS = re.compile(r"(?<![A-Za-z])(?:EM|TL)(?![A-Za-z])")

_HEADCOUNT = re.compile(r"\d+[名人]")

_CHIEF = r"(?:chief [\w&]+(?: (?:and|&) \w+)? officer|c[a-z]{1,3}o|vpo[a-z]|vpe|em)"
_FIELD = r"(?:engineering|eng|technology|product|software|r&d|data|it|development)"
_LEADER = (
    rf"(?:{_CHIEF}|(?:[se]?vp|vice president|head|director) (?:of )?{_FIELD}"
    rf"|{_FIELD} (?:vp|vice president|director|head))"
)
_SLOTS = {
    "{chief}": rf"(?:the )?{_CHIEF}(?:\s*(?:[・/,&]|and)\s*{_CHIEF})*",
    "{role}": rf"(?:the )?{_LEADER}(?:\s*(?:[・/,&]|and)\s*{_LEADER})*",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the taxonomy says of one spelling."""

    level: str = ""
    function: str = ""
    engineer_role: str = ""
    role: str = ""
    is_discipline: bool = False
    is_engineer: bool = False
    is_developer: bool = False
    is_rank: bool = False
    needs_japanese: bool = False

    @property
    def is_anchor(self) -> bool:
        """Whether the word makes a role, by itself or with the phrase beside it."""
        return bool(self.level or self.is_engineer or (self.role and not self.function))

    @property
    def is_practitioner(self) -> bool:
        """Whether the word alone names somebody who builds or runs software."""
        return self.is_engineer or (self.role in PRACTITIONERS and not self.function)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the folded title, by its offsets there."""

    start: int
    end: int
    kind: Kind
    entry: Entry = Entry()
    bracket: str = ""

    @property
    def is_phrase(self) -> bool:
        """Whether the token can be part of a noun phrase beside a level or an engineer."""
        return self.kind in {"word", "and"} or (self.kind == "entry" and not self.entry.is_anchor)

    @property
    def is_topic(self) -> bool:
        return bool(self.entry.function) and not self.entry.is_anchor

    @property
    def has_content(self) -> bool:
        """Whether the token says more than a rank."""
        return self.kind == "word" or (self.kind == "entry" and not self.entry.is_rank)


END = Token(0, 0, "separator")  # stands before the first token and after the last


class Lexicon:
    """The known spellings; cuts a folded title at the longest of them, leftmost first."""

    def __init__(self, words: Iterable[TitleWord]) -> None:
        self._entries: dict[str, Entry] = {}
        for row in words:
            self._add_word(row)
        self.compile()

    def _add_word(self, row: TitleWord) -> None:
        entry = Entry(
            level=row.value if row.kind == "level" else "",
            function=row.value if row.kind in {"topic", "discipline"} else "",
            engineer_role=row.engineer_role,
            is_discipline=row.kind == "discipline",
            is_engineer=row.kind == "engineer",
            is_developer=row.value == "developer",
            is_rank=row.kind == "rank",
            needs_japanese=_is_latin_in_japanese(row.lang, row.word),
        )
        key = fold(row.word).text
        forms = {key, key.replace(" ", "-"), key.replace("-", " ")}
        if row.lang == "en" and row.kind == "topic" and not key.endswith("s"):
            forms.add(key + "s")
        for form in forms:
            self._entries.setdefault(form, entry)

    def add_alias(self, row: RoleAlias) -> None:
        """Let the alias be a role; what it is as a word stays. Call `compile` after the last."""
        key = fold(row.alias).text
        known = self._entries.get(key, Entry())
        needs_japanese = _is_latin_in_japanese(row.lang, row.alias)
        self._entries[key] = replace(known, role=row.role_id, needs_japanese=needs_japanese)

    def compile(self) -> None:
        self._forms = list(self._entries)
        self._matcher = ahocorasick_rs.AhoCorasick(self._forms)

    def tokens(self, text: str, title: str) -> list[Token]:
        """Cut the folded `text`; the original `title` tells capitals."""
        found: list[Token] = []
        end = 0
        for form, start, stop in self._matches(text, title):
            if start >= end:
                is_compound = text[end:start] == "-" and bool(found) and found[-1].is_topic
                found += [] if is_compound else _between(text, end, start)  # "IT-Entwicklung"
                found.append(Token(start, stop, "entry", self._entries[form]))
                end = stop
        return found + _between(text, end, len(text))

    def _matches(self, text: str, title: str) -> Iterator[tuple[str, int, int]]:
        matches = sorted(
            self._matcher.find_matches_as_indexes(text, overlapping=True),
            key=lambda match: (match[1], -match[2]),
        )
        is_japanese = bool(_JAPANESE.search(text))
        allows_short = bool(_CAPITALS.search(title)) and any(
            self._entries[self._forms[number]].engineer_role in PRACTITIONERS
            for number, _, _ in matches
        )
        for number, start, stop in matches:
            form = self._forms[number]
            is_read = (
                is_japanese
                or not self._entries[form].needs_japanese
                or (allows_short and form in _SHORT_FORMS)
                or form == text.strip()
            )
            if is_read and _is_whole(text, start, stop):
                yield form, start, stop


def _is_latin_in_japanese(lang: str, word: str) -> bool:
    """Return whether a form like "PM" means the role only in a Japanese title."""
    return lang == "ja" and not _JAPANESE.search(word)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether Latin letters at the edges of the match end there."""
    return not (
        (start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]))
        or (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
    )


def _between(text: str, start: int, end: int) -> list[Token]:
    """Cut what lies between known words."""
    tokens = []
    for match in _GAP.finditer(text, start, end):
        word = match[0]
        kind: Kind = "word" if word[0].isalnum() else "separator"
        kind = _JOINTS.get(word, kind)
        if _HEADCOUNT.fullmatch(word):
            kind = "headcount"
        if word == "/" and _JAPANESE.search(text[max(0, match.start() - 1) : match.end() + 1]):
            kind = "separator"  # in English it joins
        bracket = word if word in {"(", ")"} else ""
        tokens.append(Token(match.start(), match.end(), kind, bracket=bracket))
    return tokens


def phrases(rows: Iterable[str]) -> re.Pattern[str]:
    """
    Compile phrases of the taxonomy for `search` in a folded text, whole words only.

    {chief} stands for a post known by letters (CTO, VPoE), {role} for these and for posts in
    words ("VP of Engineering"), … for anything, ^ for the beginning.
    """
    patterns = []
    for phrase in sorted(rows, key=len, reverse=True):
        pattern = re.escape(fold(phrase).text.replace("...", "…"))
        pattern = pattern.replace(r"\ …", ".*").replace("…", ".*").replace(r"\^", "^")
        for slot, expansion in _SLOTS.items():
            pattern = pattern.replace(re.escape(slot), expansion)
        left = r"(?<![a-z])" if re.match(r"[a-z{]", phrase, re.IGNORECASE) else ""
        right = r"(?![a-z])" if re.search(r"[a-z}]$", phrase, re.IGNORECASE) else ""
        patterns.append(left + pattern + right)
    return re.compile("|".join(patterns) or r"(?!)")

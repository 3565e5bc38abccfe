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
_KANJI = re.compile(r"[一-鿿]{2,}")
_LATIN = re.compile(r"[a-zà-ɏ]")
_GAP = re.compile(r"[^\W_]+(?:['.&+#-][^\W_]+)*|\s-|-\s|[^\w\s.'#]|_")
_JOINTS: dict[str, Kind] = {
    **dict.fromkeys(("and", "&", "/", "・", "+", "und", "or", "または", "又は", "もしくは"), "and"),
    **dict.fromkeys(
        (
            fold(word).text
            for word in (
                "クラス",
                "相当",
                "枠",
                "職",
                "ポジション",
                "のポジション",
                "ロール",
                "見習い",
            )
        ),
        "separator",
    ),
    **dict.fromkeys(("for", "in", "at", "to", "with", "on", "by", "from", "für"), "preposition"),
    **dict.fromkeys(("of", "de", "da", "do", "del", "der"), "of"),
}
_SHORT_FORMS = frozenset({"em", "tl"})  # read in English only in capitals, beside software
_CAPITALS = re.compile(r"(?<![A-Za-z_(])(?:EM|TL)(?![A-Za-z])")

_LONG_WORDS = re.compile(
    r"\b(?:engineer(?:ing)?|president|software|developer|development|director|manager"
    r"|technology|technical|architect|security|infrastructure|scientist)\b"
)
_REQUISITION = re.compile(r"[a-z]{0,5}-?\d{3,}(?:-\d+)?")
_HEADCOUNT = re.compile(r"\d+[名人]")


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
    is_kanji: bool = False
    is_japanese: bool = False

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
        """Build the matcher; what is misspelled means what it was meant to be."""
        for form, entry in list(self._entries.items()):
            for misspelled in _misspelled(form):
                self._entries.setdefault(misspelled, entry)
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
            and _is_whole(text, start, stop)
            for number, start, stop in matches
        )
        for number, start, stop in matches:
            form = self._forms[number]
            is_read = (
                is_japanese
                or not self._entries[form].needs_japanese
                or (allows_short and form in _SHORT_FORMS)
                or (form == text.strip() and " " not in form)
            )
            if is_read and _is_whole(text, start, stop):
                yield form, start, stop


def _misspelled(form: str) -> Iterator[str]:
    """Yield the form with a letter of a long word dropped, doubled or swapped with the next."""
    for match in _LONG_WORDS.finditer(form):
        before, word, after = form[: match.start()], match[0], form[match.end() :]
        for i in range(1, len(word) - 1):
            yield before + word[:i] + word[i + 1 :] + after
            yield before + word[: i + 1] + word[i:] + after
            yield before + word[:i] + word[i + 1] + word[i] + word[i + 2 :] + after


def _is_latin_in_japanese(lang: str, word: str) -> bool:
    """Return whether a form like "PM" means the role only in a Japanese title."""
    return lang == "ja" and not _JAPANESE.search(word)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether Latin letters, and digits, at the edges of the match end there."""
    return not any(
        inner and outer
        for before, after in (
            (text[start - 1 : start], text[start]),
            (text[end - 1], text[end : end + 1]),
        )
        for inner, outer in (
            (_LATIN.match(before), _LATIN.match(after)),
            (before.isdigit(), after.isdigit()),
        )
    )


def _between(text: str, start: int, end: int) -> list[Token]:
    """Cut what lies between known words."""
    tokens = []
    for match in _GAP.finditer(text, start, end):
        word = match[0]
        kind: Kind = "word" if word[0].isalnum() else "separator"
        kind = _JOINTS.get(word, kind)
        if _HEADCOUNT.match(word):
            kind = "headcount"
        elif _REQUISITION.fullmatch(word):
            kind = "separator"
        if word == "/" and _JAPANESE.search(text[max(0, match.start() - 1) : match.end() + 1]):
            kind = "separator"  # in English it joins
        bracket = word if word in {"(", ")"} else ""
        is_kanji = bool(_KANJI.fullmatch(word))
        is_japanese = kind == "word" and bool(_JAPANESE.match(word))
        tokens.append(
            Token(
                match.start(),
                match.end(),
                kind,
                bracket=bracket,
                is_kanji=is_kanji,
                is_japanese=is_japanese,
            )
        )
    return tokens

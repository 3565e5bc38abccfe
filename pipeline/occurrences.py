"""
Where a text holds the words of a vocabulary, on the edges of words: one pass over bytes.

Of a folded text each character becomes one byte: a Latin letter or digit itself, any other a
space. So an offset in the bytes is an offset in the text, and " java" is found where a word begins,
never inside one. What is found is compared with the text, since "c#" and "c+" are alike in bytes.
Words of other scripts are sought in the text itself, if it holds a character of theirs.
"""

import re
from collections.abc import Iterable, Iterator

import ahocorasick_rs

Occurrence = tuple[int, int, str]  # start, end, the word: folded[start:end]

SHORT = 2  # characters; a shorter word is none where a version follows: "go2"

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_KATAKANA = frozenset(map(chr, [*range(ord("ァ"), ord("ヺ") + 1), ord("ー")]))
_SPACE, _DOT = b" ."
_WORDS = bytes(code if chr(code) in _LATIN else _SPACE for code in range(256))
_VERSION = re.compile(r"\d{1,2}(?![a-z0-9])")
_DOMAIN = re.compile(r"\.(?:com|io|org|net|ai|dev|co|jp|app|us|eu|tech)\b")
_FILE = re.compile(r"[a-z0-9]\.$")  # index.html is no HTML


class WordFinder:
    """Finds words, which are given folded; build once, call for each text."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_bytes: dict[bytes, list[tuple[int, str]]] = {}  # → how far off it begins, word
        others = []
        for word in words:
            if not word.isascii():
                others.append(word)
                continue
            spaced = word.encode().translate(_WORDS)
            before = b" " if word[0] in _LATIN else b""
            after = b" " if len(word) <= SHORT and word[-1] in _LATIN else b""
            self._by_bytes.setdefault(before + spaced + after, []).append((len(before) - 1, word))
        implementation = ahocorasick_rs.Implementation.DFA
        self._latin = ahocorasick_rs.BytesAhoCorasick(
            list(self._by_bytes), implementation=implementation
        )
        self._words = list(self._by_bytes.values())
        self._others = ahocorasick_rs.AhoCorasick(others, implementation=implementation)
        scripts = sorted({sign for word in others for sign in word if not sign.isascii()})
        self._scripts = re.compile(f"[{re.escape(''.join(scripts))}]") if scripts else None

    def __call__(self, folded: str) -> list[Occurrence]:
        """Return every occurrence that stands on the edges of a word, of several over each other."""
        found = list(self._find_latin(folded))
        if self._scripts and not folded.isascii() and self._scripts.search(folded):
            found += [
                (start, end, folded[start:end])
                for _, start, end in self._others.find_matches_as_indexes(folded, overlapping=True)
                if begins_word(folded, start) and ends_word(folded, start, end)
            ]
        return found

    def _find_latin(self, folded: str) -> Iterator[Occurrence]:
        signs = b" %b " % folded.encode("ascii", "replace")
        words = signs.translate(_WORDS)
        for index, place, _ in self._latin.find_matches_as_indexes(words, overlapping=True):
            for shift, word in self._words[index]:
                start = place + shift
                end = start + len(word)
                if not folded.startswith(word, start):
                    continue
                # The bytes at start and end + 1 are those beside the word. Nearly always spaces.
                if (words[end + 1] != _SPACE or signs[end + 1] == _DOT) and not ends_word(
                    folded, start, end
                ):
                    continue
                if signs[start] == _DOT and not begins_word(folded, start):
                    continue
                yield start, end, word


def begins_word(folded: str, start: int) -> bool:
    """Whether a word begins there: "Script" in "JavaScript" doesn't."""
    first, before = folded[start], folded[start - 1 : start]
    if first in _LATIN:
        is_file = before == "." and _FILE.search(folded, max(0, start - 2), start)
        return not (before in _LATIN or is_file)
    return not (first in _KATAKANA and before in _KATAKANA)


def ends_word(folded: str, start: int, end: int) -> bool:
    """Whether a word ends there: "Java" in "JavaScript" doesn't, in "Javaの" and "Java8" it does."""
    last, after = folded[end - 1], folded[end : end + 1]
    if not after or last not in _LATIN:
        return True
    if after == "." and _DOMAIN.match(folded, end):
        return False
    if after not in _LATIN:
        return True
    return last.isalpha() and end - start > SHORT and bool(_VERSION.match(folded, end))

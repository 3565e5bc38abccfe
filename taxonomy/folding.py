"""
One spelling for what people spell in many ways, with the way back to the original offsets.

NFKC (full width, half-width kana), case, dashes, spaces and quotes; control, zero-width and bidi
characters and lone surrogates are dropped; for Japanese the long-vowel mark and the small kana
are folded, so that マネージャー, マネージャ and マネジャー are one word.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SMALL_KANA = str.maketrans("ァィゥェォャュョヮ", "アイウエオヤユヨワ")
_DASHES = frozenset("‐‑‒–—―−➖")
_QUOTES = str.maketrans("’‘ʼ`“”", "''''\"\"")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is folded; `starts[i]` and `ends[i]` bound its character i in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open, non-empty span of `text` to the original."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=8192)
def _fold_character(char: str) -> str:
    if char.isspace():
        return " "
    if char in _DASHES:
        return "-"
    if unicodedata.category(char) in _DROPPED:
        return ""
    folded = unicodedata.normalize("NFKC", char).translate(_QUOTES).translate(_SMALL_KANA)
    return folded.casefold()


def fold(text: str) -> Folded:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, original in enumerate(text):
        for char in _fold_character(original):
            if char in "\u3099\u309a" and chars:  # the voicing mark of half-width kana
                chars[-1] = unicodedata.normalize("NFC", chars[-1] + char)[:1]
                ends[-1] = index + 1
            elif (char == "ー" and chars and "ァ" <= chars[-1] <= "ヺ") or (
                char == " " and chars[-1:] == [" "]
            ):
                ends[-1] = index + 1
            else:
                chars.append(char)
                starts.append(index)
                ends.append(index + 1)
    return Folded("".join(chars), tuple(starts), tuple(ends))

"""Phrases of the taxonomy, found in a folded title or employer."""

import re
from collections.abc import Iterable, Iterator

import ahocorasick_rs

from taxonomy.folding import fold

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

_LONG = 7  # letters; shorter ones end other words: "rail" in "monorail"
_FIXED = re.compile(r"[^{}…^]+(?![^{]*})")  # what a phrase says outside of its slots


class Phrases:
    """
    Phrases to look for, whole words only.

    {chief} stands for a post known by letters (CTO, VPoE), {role} for these and for posts in
    words ("VP of Engineering"), … for anything, ^ for the beginning. With `is_glued`, a long word
    also ends a longer one, as in the name of a board: "acmepharmaceuticals". Hundreds of phrases
    cost one pass: a pattern is tried only where its longest fixed part stands.
    """

    def __init__(self, rows: Iterable[str], *, is_glued: bool = False) -> None:
        ordered = sorted(set(rows), key=len, reverse=True)
        self._patterns = [_pattern(row, is_glued=is_glued) for row in ordered]
        self._fixed = ahocorasick_rs.AhoCorasick([_longest_fixed_part(row) for row in ordered])

    def _near(self, text: str) -> Iterator[re.Pattern[str]]:
        found = self._fixed.find_matches_as_indexes(text, overlapping=True)
        for number in sorted({number for number, _, _ in found}):
            yield self._patterns[number]

    def search(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._near(text))

    def blank(self, text: str) -> str:
        """Replace the phrases by commas, so that the offsets of the rest stay."""
        for pattern in self._near(text):
            for match in pattern.finditer(text):
                length = match.end() - match.start()
                text = text[: match.start()] + "," * length + text[match.end() :]
        return text


def _folded(phrase: str) -> str:
    return fold(phrase).text.replace("...", "…")


def _longest_fixed_part(phrase: str) -> str:
    parts = (match[0].strip() for match in _FIXED.finditer(_folded(phrase)))
    return str(max(parts, key=len))


def _pattern(phrase: str, *, is_glued: bool) -> re.Pattern[str]:
    folded = _folded(phrase)
    pattern = re.escape(folded)
    pattern = pattern.replace(r"\ …", ".*").replace("…", ".*").replace(r"\^", "^")
    for slot, expansion in _SLOTS.items():
        pattern = pattern.replace(re.escape(slot), expansion)
    ends_longer_words = is_glued and len(folded) >= _LONG
    left = r"(?<![a-z])" if re.match(r"[a-z{]", folded) and not ends_longer_words else ""
    right = r"(?![a-z])" if re.search(r"[a-z}]$", folded) else ""
    right = "(?!して)" if folded.endswith("と") else right  # VPoEとして is the post itself
    return re.compile(left + pattern + right)

"""
The cheap pass: which lines of a text can hold anything at all.

One Aho-Corasick pass over the folded text finds the lines with a cue of the field; only those are
read by patterns, which cost a hundred times more a character.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import ahocorasick_rs


class Line(NamedTuple):
    """A line of a folded text: `text` without its line break, from offset `start`."""

    start: int
    text: str


class LineFilter:
    def __init__(self, cues: Iterable[str]) -> None:
        """Cues are substrings in the form of `text.fold`; "to" also finds "stop"."""
        self._automaton = ahocorasick_rs.AhoCorasick(
            sorted(set(cues)), implementation=ahocorasick_rs.Implementation.DFA
        )

    def lines(self, folded: str) -> Iterator[Line]:
        """Yield the lines that hold a cue, in order, each once."""
        end = -1
        for _, found, _ in self._automaton.find_matches_as_indexes(folded):
            if found > end:
                line = line_at(folded, folded.rfind("\n", 0, found) + 1)
                end = line.start + len(line.text)
                yield line


def line_at(folded: str, start: int) -> Line:
    """Return the line that begins at `start`."""
    end = folded.find("\n", start)
    return Line(start, folded[start : len(folded) if end < 0 else end])


def line_before(folded: str, line: Line) -> str:
    """Return the last line above `line` that isn't blank, or ""."""
    above = folded[: line.start].rstrip()
    return above[above.rfind("\n") + 1 :]


def line_after(folded: str, line: Line) -> Line:
    """Return the first line below `line` that isn't blank; at the end of the text, an empty one."""
    below = folded[line.start + len(line.text) :]
    return line_at(folded, len(folded) - len(below.lstrip()))

"""
SkillSpan (Zhang et al., NAACL 2022): sentences of English postings with two layers of spans.

A file is CoNLL: token, skill tag and knowledge tag a line, a blank line between sentences. Published by its
authors under MIT and CC BY 4.0; contacts and names in it are masked.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.spans.model import LAYERS, tag_spans


class Labelled(NamedTuple):
    words: list[str]
    tags: tuple[list[str], ...]  # O, B or I a word; one list a layer

    @property
    def spans(self) -> set[tuple[str, int, int]]:
        return {
            (layer, start, end)
            for layer, tags in zip(LAYERS, self.tags, strict=True)
            for start, end in tag_spans(tags)
        }


def read_sentences(path: Path) -> Iterator[Labelled]:
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in (*stream, "\n"):
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 1 + len(LAYERS):
                rows.append(cells)
            elif rows:
                words, *layers = zip(*rows, strict=True)
                yield Labelled(list(words), tuple([tag[0] for tag in layer] for layer in layers))
                rows = []

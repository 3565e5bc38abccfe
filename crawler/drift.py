"""
What the rows of a board carry, and when that is no longer what it was (method 3.3).

A shape counts, for one night, the postings that carry a field of ours (`field url`), the rows that
have a key of the source's (`key absolute_url`), the titles in Japanese (`title ja`), and the texts
that were encoded twice: `text repaired`, or `text garbled` where that can't be undone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from crawler.items import Posting
from crawler.mojibake import is_garbled
from warehouse.store import Drift

Shape = Mapping[str, int]

POSTINGS, ROWS = "postings", "rows"  # what the others are shares of
FEWEST = 10  # postings or rows; fewer say nothing of a share
REQUIRED_SHARE = 0.9  # a field that so many usually carry is missed
FIELD_DROP, KEY_SHARE, TITLE_CHANGE = 0.1, 0.2, 0.2
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")


def shape_of(
    postings: Iterable[Posting], row_keys: Mapping[str, int], *, mended: int = 0
) -> dict[str, int]:
    """
    `row_keys` counts the rows by their keys, and all of them as ROWS; `mended` the postings whose
    text was encoded twice and is no more. Empty if nothing was read.
    """
    postings = list(postings)
    columns = zip(*(one.__dict__.values() for one in postings), strict=True)
    fields = {
        f"field {name}": len(column) - column.count(None)
        for name, column in zip(Posting.model_fields, columns, strict=False)
    }
    keys = {f"key {name}": count for name, count in row_keys.items() if name != ROWS}
    others = {
        POSTINGS: len(postings),
        ROWS: row_keys.get(ROWS, 0),
        "title ja": sum(1 for one in postings if _JAPANESE.search(one.title)),
        "text repaired": mended,
        "text garbled": sum(map(is_garbled, postings)),
    }
    return {name: count for name, count in (others | fields | keys).items() if count}


def drifts(trailing: Sequence[Shape], now: Shape) -> list[Drift]:
    """What changed since the trailing nights, in the order of the names."""
    found = []
    for name in sorted(set(now).union(*trailing) - {POSTINGS, ROWS}):
        share = _share(now, name)
        usual = [one for shape in trailing if (one := _share(shape, name)) is not None]
        if share is not None and usual and _is_drift(name, median(usual), share):
            found.append(Drift(name, round(median(usual), 4), round(share, 4)))
    return found


def _share(shape: Shape, name: str) -> float | None:
    whole = shape.get(ROWS if name.startswith("key ") else POSTINGS, 0)
    return shape.get(name, 0) / whole if whole >= FEWEST else None


def _is_drift(name: str, usual: float, share: float) -> bool:
    kind = name.partition(" ")[0]
    if kind == "field":
        return usual >= REQUIRED_SHARE and round(usual - share, 6) >= FIELD_DROP
    if kind == "text":
        return share > usual
    if kind == "key":
        return min(usual, share) == 0 and max(usual, share) > KEY_SHARE
    return abs(usual - share) > TITLE_CHANGE

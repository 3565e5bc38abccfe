"""
How like labelled sentences a sentence is, for each responsibility: a second opinion on the cues.

Cues (responsibilities.py) know words; this knows how whole sentences were labelled, those of
taxonomy/responsibility_sentences.csv. It is a ridge regression for each language, over words,
their beginnings and pairs of these, or over Japanese characters, pairs and triples of them,
weighted by rarity. It is fitted where it is first used (about 0.3 s a language), so that a
labelled sentence more is a row more and no file of weights grows stale.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from pipeline.text import fold
from taxonomy.load import HERE, load_responsibilities
from taxonomy.rows import Problems, Row, read_rows

FILE = "responsibility_sentences.csv"
BEGINNING = 4  # letters of a word, so that its endings count as one
GRAMS = (1, 2, 3)  # Japanese characters
RIDGE = 0.5  # how far weights are drawn to zero; 0.4 to 0.7 are as good on unseen sentences

_WORD = re.compile(r"[a-z0-9+#']+")
_JAPANESE = re.compile(r"[ぁ-ヺ㐀-鿿]")
_EDGES = " .。・-*•\t"


class SentenceRow(Row):
    id: str
    lang: Literal["en", "ja"]
    role_id: str
    text: str
    labels: str  # responsibility ids, joined by |
    is_unsure: Literal["", "1"] = ""


class _Model(NamedTuple):
    columns: dict[str, int]
    squares: NDArray[np.float32]  # (features,)
    weights: NDArray[np.float32]  # (features, responsibilities)
    prior: NDArray[np.float32]  # (responsibilities,)


class Likeness:
    """Fitted from labelled sentences; call it for each folded sentence."""

    def __init__(self, rows: Iterable[SentenceRow]) -> None:
        known = [row for row in rows if not row.is_unsure]
        self._ids = sorted({one for row in known for one in row.labels.split("|") if one})
        self._models = {
            lang: _fit([row for row in known if row.lang == lang], self._ids)
            for lang in sorted({row.lang for row in known})
        }

    def __call__(self, sentence: str) -> dict[str, float]:
        """Return each responsibility's likeness, about 0 to 1."""
        model = self._models[language_of(sentence)]
        places = [model.columns[one] for one in _features(sentence) if one in model.columns]
        if not places:
            return dict.fromkeys(self._ids, 0.0)
        places.sort()  # sums of floats depend on the order
        length = np.sqrt(model.squares[places].sum())
        scores = model.weights[places].sum(axis=0) / length + model.prior
        return dict(zip(self._ids, scores.tolist(), strict=True))


def language_of(sentence: str) -> Literal["en", "ja"]:
    return "ja" if _JAPANESE.search(sentence) else "en"


def _features(sentence: str) -> set[str]:
    sentence = sentence.strip(_EDGES)
    if language_of(sentence) == "ja":
        text = f"^{sentence.replace(' ', '')}$"
        return {text[at : at + size] for size in GRAMS for at in range(len(text) - size + 1)}
    words = _WORD.findall(sentence)
    beginnings = ["^", *(word[:BEGINNING] for word in words)]
    pairs = map(" ".join, pairwise(beginnings))
    return {*beginnings, *pairs, *(f"={word}" for word in words)}


def _fit(rows: list[SentenceRow], ids: list[str]) -> _Model:
    features = [_features(fold(row.text)) for row in rows]
    counts = Counter(one for some in features for one in some)
    known = sorted(one for one in counts if counts[one] < len(rows))
    index = {one: at for at, one in enumerate(known)}
    rarity = np.log(len(rows) / np.array([counts[one] for one in known], np.float32))
    places = [sorted(index[one] for one in some if one in index) for some in features]
    values = [rarity[some] / max(np.linalg.norm(rarity[some]), 1e-6) for some in places]
    inputs = sparse.csr_array(
        (np.concatenate(values), np.concatenate(places), np.cumsum([0, *map(len, places)])),
        shape=(len(rows), len(index)),
        dtype=np.float32,
    )
    stated = [[one in row.labels.split("|") for one in ids] for row in rows]
    outputs = np.array(stated, np.float32)
    prior = outputs.mean(axis=0)
    alike = LinearOperator(
        (len(rows), len(rows)),
        lambda one: inputs @ (inputs.T @ one) + RIDGE * one,
        dtype=np.float32,
    )
    solved = [cg(alike, column, rtol=1e-4)[0] for column in (outputs - prior).T]
    weights = inputs.T @ np.column_stack(solved)
    return _Model(index, rarity**2, rarity[:, None] * weights, prior)


def load_likeness(folder: Path = HERE) -> Likeness:
    """Fit to responsibility_sentences.csv. Raises TaxonomyError."""
    problems = Problems()
    rows = read_rows(folder / FILE, SentenceRow, problems)
    known = {row.responsibility_id for row in load_responsibilities(folder)}
    for row in rows:
        for one in set(row.labels.split("|")) - known - {""}:
            problems.add(FILE, row.line, one, "is no known id", "add the concept or correct it")
    problems.raise_if_any()
    return Likeness(rows)

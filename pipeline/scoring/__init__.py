"""
Scores against labelled sets: one module a kind of label, each with `score(labels) -> Result`.

Every module of this package is a scorer; adding a file adds its tables to `vpoe evaluate`. A set
that isn't in the folder is skipped with a reason, never scored as zero.
"""

import csv
import importlib
import pkgutil
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

_Z = 1.959964  # two-sided 95 %


@dataclass(slots=True)
class Score:
    """
    What was found against what should be, in items of `label`.

    For a share of cases that are right, `predicted` and `expected` are both all cases.
    """

    label: str
    hits: int = 0
    predicted: int = 0
    expected: int = 0

    @property
    def precision(self) -> float | None:
        return self.hits / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.expected if self.expected else None

    @property
    def f1(self) -> float | None:
        total = self.predicted + self.expected
        return 2 * self.hits / total if total else None

    def add(self, *, predicted: bool, expected: bool) -> None:
        self.hits += predicted and expected
        self.predicted += predicted
        self.expected += expected


@dataclass(frozen=True, slots=True)
class Table:
    """The scores of one set; `summary` holds figures without counts, such as a macro F1."""

    name: str
    cases: int
    scores: tuple[Score, ...]
    summary: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that came out wrong, as a reader needs it."""

    table: str
    case_id: str
    text: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Result:
    tables: tuple[Table, ...] = ()
    misses: tuple[Miss, ...] = ()
    skipped: tuple[str, ...] = ()  # reasons, one a set


def wilson_interval(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share. Raises ValueError without cases."""
    if total <= 0:
        raise ValueError(f"no cases to estimate a share from (hits {hits}, total {total})")
    share, square = hits / total, _Z * _Z / total
    centre = share + square / 2
    half = _Z * sqrt(share * (1 - share) / total + square / (4 * total))
    return max(0.0, (centre - half) / (1 + square)), min(1.0, (centre + half) / (1 + square))


def compare_sets(
    scores: dict[str, Score], predicted: set[str], expected: set[str]
) -> dict[str, Score]:
    """Count one case's labels into `scores`, one score a label."""
    for label in sorted(predicted | expected):
        score = scores.setdefault(label, Score(label))
        score.add(predicted=label in predicted, expected=label in expected)
    return scores


def micro(label: str, scores: dict[str, Score], over: frozenset[str]) -> Score:
    """Sum the counts of the labels in `over`."""
    parts = [score for name, score in scores.items() if name in over]
    return Score(
        label,
        hits=sum(score.hits for score in parts),
        predicted=sum(score.predicted for score in parts),
        expected=sum(score.expected for score in parts),
    )


def macro_f1(scores: dict[str, Score]) -> float:
    """Return the mean F1 over the labels that were expected or predicted; 0 without any."""
    values = [score.f1 or 0.0 for score in scores.values()]
    return sum(values) / len(values) if values else 0.0


def label_files(labels: Path, stem: str, suffix: str) -> list[Path]:
    """Return the files of a set, whatever its split: `en_titles_dev.csv`, `en_titles_test.csv`."""
    return sorted(labels.glob(f"{stem}*{suffix}"))


def label_rows(files: list[Path]) -> Iterator[dict[str, str]]:
    """Yield the rows of CSV label files that two readers could agree on."""
    for file in files:
        with file.open(encoding="utf-8", newline="") as stream:
            yield from (row for row in csv.DictReader(stream) if not row.get("is_unsure"))


def describe(values: set[Hashable] | set[str]) -> str:
    return "|".join(sorted(map(str, values))) or "-"


def run_scorers(labels: Path) -> Result:
    """Run every scorer of this package on a folder of labelled sets."""
    results = [
        importlib.import_module(f"{__name__}.{module.name}").score(labels)
        for module in pkgutil.iter_modules(__path__)
    ]
    return Result(
        tables=tuple(table for result in results for table in result.tables),
        misses=tuple(miss for result in results for miss in result.misses),
        skipped=tuple(reason for result in results for reason in result.skipped),
    )

"""How long openings stay open: Kaplan-Meier with delayed entry and right-censoring (method 2.7)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf, log, sqrt
from statistics import fmean, median

from warehouse.statistics.interval import CONFIDENCE, Interval, normal_quantile

WIDE_DAYS = 2  # an interval of closing wider than this is counted as wide
LITTLE_REST = 0.05  # still open where the curve ends, for a mean to be given


@dataclass(frozen=True, slots=True)
class Spell:
    """
    One opening.

    `age_days` is its age when it closed or, if `is_closed` is false, when we last knew it open;
    `entry_days` when we began to watch; `width_days` the length of the interval it closed in.
    """

    age_days: float
    is_closed: bool
    entry_days: float = 0
    width_days: float = 0


@dataclass(frozen=True, slots=True)
class Step:
    """At `age_days`, `closed` of `at_risk` closed; `survival` is the part still open after."""

    age_days: float
    at_risk: int
    closed: int
    survival: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class DaysOpen:
    """
    The curve and its median; `median_days` is None where half never closed while we watched.

    Beside it the two figures that mislead: the median of the closed ones (short: the long ones are
    still open) and the mean age of the open ones (long: the long ones are likelier to be seen).
    """

    steps: tuple[Step, ...]
    spells: int
    closed: int
    median_days: float | None
    median_interval: Interval
    closed_only_median_days: float | None
    mean_open_age_days: float | None
    wide_share: float

    def survival_at(self, age_days: float) -> float:
        return min((step.survival for step in self.steps if step.age_days <= age_days), default=1.0)

    @property
    def mean_days(self) -> float | None:
        """The area under the curve; None unless it comes down to where the rest hardly matters."""
        if not self.steps or self.steps[-1].survival > LITTLE_REST:
            return None
        ages = [0.0, *(step.age_days for step in self.steps)]
        levels = [1.0, *(step.survival for step in self.steps)]
        return sum((b - a) * level for (a, b), level in zip(pairwise(ages), levels, strict=False))


def days_open(spells: Iterable[Spell], confidence: float = CONFIDENCE) -> DaysOpen:
    """
    Product-limit estimate from spells that we began to watch at any age.

    Kaplan and Meier, JASA 53 (1958); a spell that was old when we met it is at risk from then on
    only (Tsai, Jewell and Wang, Biometrika 74, 1987). Limits: Greenwood's variance on log(-log S)
    (Kalbfleisch and Prentice); those of the median after Brookmeyer and Crowley, Biometrics 38
    (1982). Raises ValueError for a spell that ends before we began to watch it.
    """
    known = list(spells)
    for spell in known:
        if not 0 <= spell.entry_days <= spell.age_days:
            raise ValueError(f"{spell}: it ends before it was watched; check its dates")
    steps = _steps(known, normal_quantile(confidence))
    closed = [spell.age_days for spell in known if spell.is_closed]
    still_open = [spell.age_days for spell in known if not spell.is_closed]
    wide = sum(spell.width_days > WIDE_DAYS for spell in known if spell.is_closed)
    middle = _first_age(steps, [step.survival for step in steps])
    return DaysOpen(
        steps=steps,
        spells=len(known),
        closed=len(closed),
        median_days=None if middle == inf else middle,
        median_interval=Interval(
            _first_age(steps, [step.interval.low for step in steps]),
            _first_age(steps, [step.interval.high for step in steps]),
        ),
        closed_only_median_days=median(closed) if closed else None,
        mean_open_age_days=fmean(still_open) if still_open else None,
        wide_share=wide / len(closed) if closed else 0.0,
    )


def _first_age(steps: Sequence[Step], curve: Sequence[float]) -> float:
    """The age at which the curve has come down to one half; infinite if it never does."""
    half = 0.5 + 1e-12  # of fractions multiplied
    return next(
        (step.age_days for step, part in zip(steps, curve, strict=True) if part <= half), inf
    )


def _steps(spells: Sequence[Spell], z: float) -> tuple[Step, ...]:
    closings = Counter(spell.age_days for spell in spells if spell.is_closed)
    ends = sorted(spell.age_days for spell in spells)
    # at risk from just after its entry on; what was new when we met it, from the start
    entries = sorted(spell.entry_days or -1 for spell in spells)
    steps, survival, greenwood = [], 1.0, 0.0
    for age, closed in sorted(closings.items()):
        at_risk = bisect_left(entries, age) - bisect_left(ends, age)
        if not at_risk:
            continue  # it closed at the very age at which we met it
        survival *= 1 - min(closed, at_risk) / at_risk
        greenwood += closed / (at_risk * (at_risk - closed)) if closed < at_risk else 0.0
        steps.append(Step(age, at_risk, closed, survival, _limits(survival, greenwood, z)))
    return tuple(steps)


def _limits(survival: float, greenwood: float, z: float) -> Interval:
    if survival <= 0:
        return Interval(0.0, 0.0)
    spread = exp(z * sqrt(greenwood) / abs(log(survival)))
    return Interval(survival**spread, survival ** (1 / spread))


def littles_law_deviation(mean_stock: float, new_per_day: float, mean_days: float) -> float:
    """
    How far the mean stock is off new per day times mean days open, as a part of the latter.

    Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961). More than a
    quarter off over a quarter of a year asks whether the data are sound. Raises ValueError where
    nothing is expected.
    """
    expected = new_per_day * mean_days
    if not expected > 0:
        raise ValueError(f"{new_per_day} a day open for {mean_days} days: nothing to compare with")
    return mean_stock / expected - 1

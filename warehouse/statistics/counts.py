"""
Small counts: their intervals, their ratio, and what clustering in a few employers does to them.

A count is a census of the panel; the intervals speak of chance in what employers advertise, not of
what the panel doesn't cover (method 2.6). All are 95 % unless another confidence is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count as integers
from math import inf

from scipy.special import betaincinv, gammaincinv
from scipy.stats import binomtest

from warehouse.statistics.interval import CONFIDENCE, SIGNIFICANCE, Interval, tail_of


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> Interval:
    """
    Exact interval of a Poisson mean from one count.

    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936): half the
    chi-squared quantiles with 2k and 2k + 2 degrees of freedom, which are gamma quantiles with
    shape k and k + 1. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"a count of {count} is negative")
    return _gamma_interval(count, confidence)


def _gamma_interval(shape: float, confidence: float) -> Interval:
    tail = tail_of(confidence)
    low = float(gammaincinv(shape, tail)) if shape else 0.0
    return Interval(low, float(gammaincinv(shape + 1, 1 - tail)))


@dataclass(frozen=True, slots=True)
class Ratio:
    """
    How many times the rate of one period the next has.

    `value` is infinite where the first count is 0, and None where both are: nothing is known then,
    and the interval says so with [0, ∞).
    """

    before: int
    after: int
    value: float | None
    interval: Interval
    p_value: float

    @property
    def is_significant(self) -> bool:
        return not self.interval.contains(1)


def poisson_ratio(
    before: int,
    after: int,
    exposure_before: float = 1,
    exposure_after: float = 1,
    confidence: float = CONFIDENCE,
) -> Ratio:
    """
    Exact ratio of two Poisson rates, each a count over its exposure, as in nights times boards.

    Given both counts, the second count is binomial with p = e2 / (e1 + e2), so its Clopper-Pearson
    limits give those of the ratio: Przyborowski and Wilenski, Biometrika 31 (1940); Clopper and Pearson,
    Biometrika 26 (1934). The p value is that of the two-sided exact binomial test. Raises ValueError
    for a negative count or an exposure that isn't positive.
    """
    if min(before, after) < 0:
        raise ValueError(f"a count of {min(before, after)} is negative")
    if not min(exposure_before, exposure_after) > 0:
        raise ValueError(f"exposures of {exposure_before} and {exposure_after} must be positive")
    total, scale = before + after, exposure_before / exposure_after
    if total == 0:
        return Ratio(before, after, None, Interval(0, inf), 1.0)
    share = exposure_after / (exposure_before + exposure_after)
    low, high = binomial_interval(after, total, confidence)
    return Ratio(
        before,
        after,
        value=scale * after / before if before else inf,
        interval=Interval(scale * _odds(low), scale * _odds(high)),
        p_value=float(binomtest(after, total, share).pvalue),
    )


def binomial_interval(count: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """Exact interval of a proportion: Clopper and Pearson, Biometrika 26 (1934)."""
    tail = tail_of(confidence)
    low = float(betaincinv(count, total - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0
    return Interval(low, high)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


@cache
def smallest_rise(baseline: int) -> int:
    """The smallest count after `baseline`, of an equal period, that may be called a rise."""
    return next(
        after
        for after in integers(baseline + 1)
        if poisson_ratio(baseline, after).p_value < SIGNIFICANCE
    )


@cache
def largest_fall(baseline: int) -> int | None:
    """The largest count after `baseline` that may be called a fall; None if none may."""
    falls = (
        after
        for after in range(baseline - 1, -1, -1)
        if poisson_ratio(baseline, after).p_value < SIGNIFICANCE
    )
    return next(falls, None)


@dataclass(frozen=True, slots=True)
class ClusteredCount:
    """
    A count that comes in clusters: one employer posts several.

    `design_effect` is the variance over that of a Poisson count; `effective_count` the number of
    independent ones it is worth; `top_share` the part of the largest employer; `herfindahl` the sum
    of the squared shares (1: all with one employer).
    """

    count: int
    employers: int
    design_effect: float
    effective_count: float
    interval: Interval
    top_share: float
    herfindahl: float


def clustered_count(by_employer: Sequence[int], confidence: float = CONFIDENCE) -> ClusteredCount:
    """
    Interval of a count from the counts of its employers.

    The variance is that of a compound Poisson count, Σm²; the interval that of Fay and Feuer,
    Statistics in Medicine 16 (1997), for weighted sums: gamma quantiles with shape n_eff and
    n_eff + 1, rescaled (method 2.6). Raises ValueError for a negative count.
    """
    if min(by_employer, default=0) < 0:
        raise ValueError(f"a count of {min(by_employer)} is negative")
    count, squares = sum(by_employer), sum(one**2 for one in by_employer)
    if count == 0:
        return ClusteredCount(0, 0, 1.0, 0.0, poisson_interval(0, confidence), 0.0, 0.0)
    effective = count**2 / squares
    low, high = _gamma_interval(effective, confidence)
    scale = count / effective
    return ClusteredCount(
        count=count,
        employers=sum(one > 0 for one in by_employer),
        design_effect=squares / count,
        effective_count=effective,
        interval=Interval(low * scale, high * scale),
        top_share=max(by_employer) / count,
        herfindahl=squares / count**2,
    )

"""Is there a trend in a series of counts? Two tests, and a claim only if both say so (method 2.8)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, inf, sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr, stdtrit

from warehouse.statistics.interval import CONFIDENCE, SIGNIFICANCE, Interval, tail_of

MIN_PERIODS = 8  # fewer are too few to tell a trend
RESAMPLES, SEED = 10_000, 20_260_101
STEPS, TOLERANCE = 100, 1e-12  # of Newton's method

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MannKendall:
    """`s` rises less falls over all pairs of periods; `sen_slope` in counts per period."""

    s: int
    variance: float
    z: float
    p_value: float
    sen_slope: float


@dataclass(frozen=True, slots=True)
class PoissonTrend:
    """`factor` is the growth per period, exp(`slope`); `dispersion` Pearson's χ² per degree."""

    slope: float
    standard_error: float
    dispersion: float
    factor: float
    interval: Interval
    p_value: float


@dataclass(frozen=True, slots=True)
class TrendTest:
    """May a trend be claimed? `reason` says why not; a test that had nothing to work on is None."""

    is_trend: bool
    reason: str
    mann_kendall: MannKendall | None
    poisson: PoissonTrend | None


def trend_test(counts: Sequence[int], exposures: Sequence[float] | None = None) -> TrendTest:
    """
    Test the new openings of equal periods for a trend; `exposures` as in nights times boards.

    For flows only: a stock hangs together from day to day, and these tests would see trends in it
    that aren't there.
    """
    if len(counts) < MIN_PERIODS:
        reason = f"{len(counts)} periods are fewer than {MIN_PERIODS}"
        return TrendTest(is_trend=False, reason=reason, mann_kendall=None, poisson=None)
    exposed = exposures or [1.0] * len(counts)
    rates = [count / exposure for count, exposure in zip(counts, exposed, strict=True)]
    kendall = mann_kendall(rates)
    if kendall.p_value >= SIGNIFICANCE:
        reason = f"Mann-Kendall p = {kendall.p_value:.3f}"
        return TrendTest(is_trend=False, reason=reason, mann_kendall=kendall, poisson=None)
    poisson = poisson_trend(counts, exposures)
    is_trend = poisson.p_value < SIGNIFICANCE
    reason = "" if is_trend else f"log-linear p = {poisson.p_value:.3f}"
    return TrendTest(is_trend, reason, kendall, poisson)


def mann_kendall(values: Sequence[float]) -> MannKendall:
    """
    Test for a monotonic trend, with ties, and Sen's slope.

    Mann, Econometrica 13 (1945); Kendall, Rank Correlation Methods (1975) for the variance with
    ties; Sen, JASA 63 (1968). Normal with continuity correction, two-sided. Raises ValueError for
    fewer than three values.
    """
    size = len(values)
    if size < 3:  # noqa: PLR2004 - two points always make a line
        raise ValueError(f"{size} values have no trend; give three or more")
    s = kendall_s(values)
    ties = sum(n * (n - 1) * (2 * n + 5) for n in Counter(values).values())
    variance = (size * (size - 1) * (2 * size + 5) - ties) / 18
    z = (s - (s > 0) + (s < 0)) / sqrt(variance) if variance else 0.0
    slopes = [(values[j] - values[i]) / (j - i) for i, j in combinations(range(size), 2)]
    p_value = 2 * float(ndtr(-abs(z)))
    return MannKendall(s, variance, z, p_value, median(slopes))


def kendall_s(values: Sequence[float]) -> int:
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def mann_kendall_permutation_p(
    values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED
) -> float:
    """
    The two-sided p value of Kendall's S by shuffling, for short series with many ties.

    (b + 1) / (m + 1) as in Phipson and Smyth, Statistical Applications in Genetics and Molecular
    Biology 9 (2010), so that it is never 0.
    """
    observed, size = abs(kendall_s(values)), len(values)
    shuffled = np.random.default_rng(seed).permuted(np.tile(values, (resamples, 1)), axis=1)
    s = np.zeros(resamples)
    for i in range(size - 1):
        s += np.sign(shuffled[:, i + 1 :] - shuffled[:, [i]]).sum(axis=1)
    return float((np.sum(np.abs(s) >= observed) + 1) / (resamples + 1))


def poisson_trend(
    counts: Sequence[int],
    exposures: Sequence[float] | None = None,
    confidence: float = CONFIDENCE,
) -> PoissonTrend:
    """
    Fit log(mean) = a + slope · period by maximum likelihood, and test the slope.

    McCullagh and Nelder, Generalized Linear Models (1989), 6.2; the standard error is multiplied by
    √max(1, φ), and t has n - 2 degrees of freedom. Raises ValueError for fewer than three periods,
    and where all counts lie in the first or the last period: no finite slope fits them.
    """
    y = np.asarray(counts, dtype=np.float64)
    if len(y) < 3:  # noqa: PLR2004 - no degree of freedom is left
        raise ValueError(f"{len(y)} periods have no trend; give three or more")
    if not y[1:].any() or not y[:-1].any():
        raise ValueError(f"all of {list(counts)} lies at one end; no slope fits it")
    offset = np.log(np.ones_like(y) if exposures is None else np.asarray(exposures, np.float64))
    slope, mean, information = _fit(y, offset)
    freedom = len(y) - 2
    dispersion = float(((y - mean) ** 2 / mean).sum() / freedom)
    error = sqrt(max(1.0, dispersion) / information)
    half = -float(stdtrit(freedom, tail_of(confidence))) * error
    return PoissonTrend(
        slope=slope,
        standard_error=error,
        dispersion=dispersion,
        factor=exp(slope),
        interval=Interval(exp(slope - half), _exp(slope + half)),
        p_value=2 * float(stdtr(freedom, -abs(slope) / error)),
    )


def _exp(power: float) -> float:
    return exp(power) if power < 700 else inf  # noqa: PLR2004 - beyond what a float holds


def _fit(y: Floats, offset: Floats) -> tuple[float, Floats, float]:
    """
    The slope, the fitted means, and the information about the slope.

    For a given slope the best level is known, so Newton's method has one dimension: the fitted and
    the observed mean period must agree. The log-likelihood is concave; steps are kept small.
    """
    period = np.arange(len(y), dtype=np.float64)
    slope, wanted = 0.0, float((period * y).sum() / y.sum())
    for _ in range(STEPS):
        linear = offset + slope * period
        weight = np.exp(linear - linear.max())
        weight /= weight.sum()
        centre = float((weight * period).sum())
        variance = float((weight * (period - centre) ** 2).sum())
        step = (wanted - centre) / variance
        slope += min(1.0, max(-1.0, step))
        if abs(step) < TOLERANCE:
            break
    return slope, y.sum() * weight, float(y.sum()) * variance

"""
Exact intervals for small counts (method 2.6). Distribution functions are scipy's.

A count is a census of the panel; the interval speaks of chance in what employers advertise, not of
what the panel doesn't cover.
"""

from math import inf, sqrt
from typing import NamedTuple

from scipy.special import gammaincinv, ndtri

CONFIDENCE = 0.95


class Interval(NamedTuple):
    low: float
    high: float


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> Interval:
    """
    Exact interval of a Poisson mean from one count.

    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936): half the
    chi-squared quantiles with 2k and 2k + 2 degrees of freedom, which are gamma quantiles with
    shape k and k + 1. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"a count of {count} is negative")
    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)))


def share_interval(count: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """
    Interval of a proportion, 0 to 1; [0, ∞) when there is nothing to be a share of.

    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927). Raises ValueError unless 0 <= count <= total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share")
    if total == 0:
        return Interval(0.0, inf)
    z2 = float(ndtri(1 - (1 - confidence) / 2)) ** 2
    share = count / total
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))

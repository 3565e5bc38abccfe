"""
Shares: their intervals and their difference (method 2.6).

The ratio of two small shares is `poisson_ratio` of the parts with the wholes as exposures.
"""

from math import inf, sqrt
from typing import NamedTuple

from warehouse.statistics.interval import CONFIDENCE, Interval, normal_quantile


class Share(NamedTuple):
    """Of counts, or of the effective counts that clustered ones are worth."""

    part: float
    whole: float


class Difference(NamedTuple):
    value: float
    interval: Interval


def share_interval(count: float, total: float, confidence: float = CONFIDENCE) -> Interval:
    """
    Interval of a proportion, 0 to 1; [0, ∞) when there is nothing to be a share of.

    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927). Raises ValueError unless 0 <= count <= total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share")
    if total == 0:
        return Interval(0.0, inf)
    z2 = normal_quantile(confidence) ** 2
    share = count / total
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
    # at the ends rounding would leave the share itself outside
    return Interval(max(0.0, centre - half) * (count > 0), min(1.0, max(share, centre + half)))


def share_difference(before: Share, after: Share, confidence: float = CONFIDENCE) -> Difference:
    """
    Difference of two independent proportions, later minus earlier.

    Newcombe, "Interval estimation for the difference between independent proportions", Statistics
    in Medicine 17 (1998), method 10: from the Wilson limits of both. Raises ValueError for what is
    no share, or a share of nothing.
    """
    if not min(before.whole, after.whole) > 0:
        raise ValueError(f"{before.whole} and {after.whole}: a share of nothing has no difference")
    low1, high1 = share_interval(*before, confidence)
    low2, high2 = share_interval(*after, confidence)
    p1, p2 = before.part / before.whole, after.part / after.whole
    down = sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2)
    up = sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2)
    return Difference(p2 - p1, Interval(p2 - p1 - down, p2 - p1 + up))

"""What every estimate is published with."""

from collections.abc import Sequence
from math import isinf
from typing import NamedTuple

from scipy.special import ndtri
from scipy.stats import false_discovery_control

CONFIDENCE = 0.95
SIGNIFICANCE = 1 - CONFIDENCE


class Interval(NamedTuple):
    low: float
    high: float

    def contains(self, value: float) -> bool:
        return self.low <= value <= self.high

    def text(self, digits: int = 2, unit: str = "") -> str:
        """As in 0.82–3.90; an infinite end as ∞."""
        return "–".join(number(end, digits) for end in self) + unit


def number(value: float, digits: int = 2) -> str:
    return "∞" if isinf(value) else f"{value:,.{digits}f}"


def tail_of(confidence: float) -> float:
    return (1 - confidence) / 2


def normal_quantile(confidence: float) -> float:
    """Two-sided: 1.96 for 0.95."""
    return float(ndtri(1 - tail_of(confidence)))


def adjusted_p_values(p_values: Sequence[float]) -> list[float]:
    """
    P values of several questions asked at once: below 0.05, at most 5 % of the claims are false.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
    """
    return [float(one) for one in false_discovery_control(p_values)] if p_values else []

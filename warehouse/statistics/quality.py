"""How much was collected, how much is known so far, how much there may be."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

from warehouse.statistics.interval import CONFIDENCE, Interval, normal_quantile

# Shares of the open postings whose boards were seen, and that are carried over (method 2.8).
FULL_COVERAGE, LEAST_COVERAGE = 0.95, 0.8
LITTLE_IMPUTED, MOST_IMPUTED = 0.1, 0.25


class Standing(StrEnum):
    """Whether a figure may be printed."""

    firm = "firm"
    provisional = "provisional"
    withheld = "withheld"


def standing(coverage: float, imputed: float) -> Standing:
    """From the coverage by weight and the imputed share of the worse of the compared periods."""
    if coverage < LEAST_COVERAGE or imputed > MOST_IMPUTED:
        return Standing.withheld
    if coverage < FULL_COVERAGE or imputed > LITTLE_IMPUTED:
        return Standing.provisional
    return Standing.firm


def known_shares(delays_days: Sequence[int]) -> dict[int, float]:
    """
    F(d): the share of all facts that were known within d days, at each delay that occurred.

    What is known after d days, divided by F(d), is what will be known in the end: the chain-ladder
    estimate, Mack, ASTIN Bulletin 23 (1993).
    """
    counts, known = Counter(delays_days), 0
    shares = {}
    for delay, count in sorted(counts.items()):
        known += count
        shares[delay] = known / len(delays_days)
    return shares


class Population(NamedTuple):
    """How many there are, of which some were seen by neither."""

    estimate: float
    standard_error: float
    interval: Interval
    coverage_share: float


def population(first: int, second: int, both: int, confidence: float = CONFIDENCE) -> Population:
    """
    How many there are, from what two boards show and what both show.

    Chapman, University of California Publications in Statistics 1 (1951); variance by Seber (1970).
    Assumes independence; boards that copy each other make it too optimistic. Raises ValueError if
    both show more than one of them.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} on both boards, of {first} and {second}")
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    only = (first - both) * (second - both)
    error = sqrt((first + 1) * (second + 1) * only / ((both + 1) ** 2 * (both + 2)))
    half = normal_quantile(confidence) * error
    seen = first + second - both
    return Population(
        estimate,
        error,
        Interval(max(0.0, estimate - half), estimate + half),
        coverage_share=seen / estimate if estimate else 1.0,
    )

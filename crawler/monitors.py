"""
Is what a board lists tonight believable? Alarms against its own trailing nights (method 3.3).

A suspect night keeps what it saw and closes nothing; the next night confirms or drops it.
"""

import math
from collections.abc import Set as AbstractSet
from functools import cache
from statistics import median

from warehouse.store import History

DROP_PROBABILITY = 0.001  # of a drop this deep, were the board's rate unchanged
ZERO_MEDIAN = 3  # postings; a median from which an undeclared zero is suspect
SURGE_FACTOR, SURGE_POSTINGS = 3, 20  # more than so many times the median, and so many more
CLOSURE_SHARE, CLOSURE_POSTINGS = 0.5, 3  # of the listed postings gone in one night
AGREEMENT_SHARE = 0.2  # how far the next night may be from a suspect one to confirm it


@cache
def drop_bound(mean: float) -> int | None:
    """
    The largest count that a Poisson variable of this mean falls to, or below, with a probability
    under DROP_PROBABILITY; None if even 0 is likelier (mean 7: 0, 10: 1, 20: 7, 50: 29).
    """
    if mean <= 0:
        return None
    bound, cumulated, log_term = None, 0.0, -mean
    for count in range(math.ceil(mean) + 1):
        cumulated += math.exp(log_term)
        if cumulated >= DROP_PROBABILITY:
            break
        bound = count
        log_term += math.log(mean / (count + 1))
    return bound


def doubt(
    history: History, before: AbstractSet[str], now: AbstractSet[str], *, is_declared_empty: bool
) -> str | None:
    """
    Why tonight's postings aren't believed yet, or None. `before` is what the board listed last.
    """
    count = len(now)
    if is_declared_empty or _confirms(history, count):
        return None
    gone = len(before - now)
    if gone >= CLOSURE_POSTINGS and gone > CLOSURE_SHARE * len(before):
        return f"{gone} of {len(before)} postings gone in one night"
    if not history.ok_counts:
        return None
    usual = median(history.ok_counts)
    bound = drop_bound(usual)
    if (count == 0 and usual >= ZERO_MEDIAN) or (bound is not None and count <= bound):
        return f"{count} postings, usually {usual:g}"
    if count > SURGE_FACTOR * usual and count - usual >= SURGE_POSTINGS:
        return f"{count} postings, usually {usual:g}"
    return None


def _confirms(history: History, count: int) -> bool:
    if history.suspect_count is None:
        return False
    return abs(count - history.suspect_count) <= AGREEMENT_SHARE * history.suspect_count

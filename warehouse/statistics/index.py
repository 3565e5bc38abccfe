"""
Growth of a stock over a panel that changes: matched links, chained; intervals by employers.

A period's links are over the boards that it shares with an earlier one, so that boards that come
and go move nothing (method 2.3).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics.interval import CONFIDENCE, Interval, tail_of

PERIOD_NIGHTS = 28
MIN_DENOMINATOR = 5  # openings; a link over fewer isn't given
BASE_NIGHTS, BASE_NEW_OPENINGS = 28, 20  # that an index needs in its base period
RESAMPLES, SEED = 2_000, 20_260_101

# By board: its mean stock of each period; None where it was not in the panel.
Series = Sequence[float | None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Link:
    """From one period to the next; `value` is None if the denominator is too small to stand on."""

    boards: int
    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        if self.denominator < MIN_DENOMINATOR:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class ChainIndex:
    """
    100 in the first period.

    `periods_joined` is 1, or 2, 4, … where links were too thin and the periods were doubled; there
    are no values if none of that helped.
    """

    values: tuple[float, ...]
    links: tuple[Link, ...]
    periods_joined: int


def may_have_index(base_nights: int, base_new_openings: int) -> bool:
    """Below, counts only: an index would be noise (method 2.2)."""
    return base_nights >= BASE_NIGHTS and base_new_openings >= BASE_NEW_OPENINGS


def chain_index(boards: Mapping[str, Series]) -> ChainIndex:
    """
    Chain the matched growth of the boards' mean stocks; all series are equally long.

    A board that returns is linked against its own last observed period. U.S. Bureau of Labor
    Statistics, Handbook of Methods, Current Employment Statistics: the matched-sample link relative.
    """
    series = [list(one) for one in boards.values()]
    joined = 1
    while True:
        links = matched_links(series)
        if not links:
            return ChainIndex((), (), joined)
        values = [link.value for link in links]
        if None not in values:
            steps = [100.0, *(value for value in values if value is not None)]
            return ChainIndex(tuple(map(float, np.cumprod(steps))), links, joined)
        series, joined = [_doubled(one) for one in series], 2 * joined


def matched_links(series: Sequence[Series]) -> tuple[Link, ...]:
    """One link for each period but the first."""
    periods = max(map(len, series), default=0)
    pairs: list[list[tuple[float, float]]] = [[] for _ in range(periods)]
    for one in series:
        last: float | None = None
        for period, value in enumerate(one):
            if value is not None and last is not None:
                pairs[period].append((last, value))
            last = last if value is None else value
    return tuple(
        Link(len(matched), sum(new for _, new in matched), sum(old for old, _ in matched))
        for matched in pairs[1:]
    )


def _doubled(series: Series) -> list[float | None]:
    """Periods joined two by two; an odd one at the end is left out."""
    return [
        None if first is None or second is None else (first + second) / 2
        for first, second in zip(series[::2], series[1::2], strict=False)
    ]


def bootstrap_by_employer(
    values: Sequence[Sequence[float]],
    statistic: Callable[[Floats], Floats],
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """
    Percentile interval of a statistic of sums over employers, by drawing employers anew.

    `values` has a row for each employer; `statistic` takes the sums of the columns, (resamples,
    columns), and returns one figure each; what can't be computed counts as infinite. Efron, Annals
    of Statistics 7 (1979); employers and not openings, since those of one employer hang together.
    Raises ValueError without employers.
    """
    rows = np.asarray(values, dtype=np.float64)
    if not len(rows):
        raise ValueError("no employers to draw from")
    chance = np.full(len(rows), 1 / len(rows))
    draws = np.random.default_rng(seed).multinomial(len(rows), chance, size=resamples)
    with np.errstate(divide="ignore", invalid="ignore"):
        figures = statistic(draws @ rows)
    figures = np.where(np.isnan(figures), np.inf, figures)
    tail = tail_of(confidence)
    low, high = np.quantile(figures, [tail, 1 - tail], method="inverted_cdf")
    return Interval(float(low), float(high))


def stock_interval(by_employer: Sequence[float]) -> Interval:
    """Of a stock, from the stocks of the employers."""
    return bootstrap_by_employer([[one] for one in by_employer], lambda sums: sums[:, 0])


def growth_interval(before: Sequence[float], after: Sequence[float]) -> Interval:
    """Of a link, from the mean stocks of the matched employers in both periods."""
    rows = list(zip(before, after, strict=True))
    return bootstrap_by_employer(rows, lambda sums: sums[:, 1] / sums[:, 0])

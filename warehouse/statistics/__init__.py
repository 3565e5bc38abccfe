"""
The statistics of the tables: each formula once, with its source. Distributions are scipy's.

Pure functions of counts; nothing here reads a file. Which of them goes with which figure is in
docs/methodology.md.
"""

from warehouse.statistics.counts import (
    ClusteredCount,
    Ratio,
    binomial_interval,
    clustered_count,
    largest_fall,
    poisson_interval,
    poisson_ratio,
    smallest_rise,
)
from warehouse.statistics.days_open import (
    DaysOpen,
    Spell,
    Step,
    days_open,
    littles_law_deviation,
)
from warehouse.statistics.index import (
    MIN_DENOMINATOR,
    ChainIndex,
    Link,
    bootstrap_by_employer,
    chain_index,
    growth_interval,
    matched_links,
    may_have_index,
    stock_interval,
)
from warehouse.statistics.interval import (
    CONFIDENCE,
    SIGNIFICANCE,
    Interval,
    adjusted_p_values,
    number,
)
from warehouse.statistics.quality import (
    Population,
    Standing,
    known_shares,
    population,
    standing,
)
from warehouse.statistics.shares import (
    Difference,
    Share,
    share_difference,
    share_interval,
)
from warehouse.statistics.trends import (
    MIN_PERIODS,
    MannKendall,
    PoissonTrend,
    TrendTest,
    mann_kendall,
    mann_kendall_permutation_p,
    poisson_trend,
    trend_test,
)

__all__ = [
    "CONFIDENCE",
    "MIN_DENOMINATOR",
    "MIN_PERIODS",
    "SIGNIFICANCE",
    "ChainIndex",
    "ClusteredCount",
    "DaysOpen",
    "Difference",
    "Interval",
    "Link",
    "MannKendall",
    "PoissonTrend",
    "Population",
    "Ratio",
    "Share",
    "Spell",
    "Standing",
    "Step",
    "TrendTest",
    "adjusted_p_values",
    "binomial_interval",
    "bootstrap_by_employer",
    "chain_index",
    "clustered_count",
    "days_open",
    "growth_interval",
    "known_shares",
    "largest_fall",
    "littles_law_deviation",
    "mann_kendall",
    "mann_kendall_permutation_p",
    "matched_links",
    "may_have_index",
    "number",
    "poisson_interval",
    "poisson_ratio",
    "poisson_trend",
    "population",
    "share_difference",
    "share_interval",
    "smallest_rise",
    "standing",
    "stock_interval",
    "trend_test",
]

"""
Each formula against its golden figures (method 2.9) and against a second computation.

The references here take another road than the module: tests inverted by root finding, products
and sums written out, likelihoods maximised numerically, permutations enumerated.
"""

from collections import Counter
from fractions import Fraction
from itertools import permutations
from math import comb, exp, inf, isfinite, isnan, lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from crawler.monitors import drop_bound
from warehouse.statistics import (
    Interval,
    Share,
    Spell,
    Standing,
    adjusted_p_values,
    bootstrap_by_employer,
    chain_index,
    clustered_count,
    days_open,
    growth_interval,
    known_shares,
    largest_fall,
    littles_law_deviation,
    mann_kendall,
    mann_kendall_permutation_p,
    matched_links,
    may_have_index,
    poisson_interval,
    poisson_ratio,
    poisson_trend,
    population,
    share_difference,
    share_interval,
    smallest_rise,
    standing,
    stock_interval,
    trend_test,
)

GROWING = [4, 6, 3, 5, 7, 6, 8, 5, 9, 8, 10, 9]
FLAT = [5, 5, 6, 4, 5, 6, 5, 4, 6, 5, 5, 6]
SMALL = st.integers(0, 60)


def reference_garwood(count):
    """The means at which the count, or more (less) of it, has a chance of 2.5 %."""
    low = (
        optimize.brentq(lambda mean: stats.poisson.sf(count - 1, mean) - 0.025, 0, 999)
        if count
        else 0
    )
    high = optimize.brentq(lambda mean: stats.poisson.cdf(count, mean) - 0.025, 0, 999)
    return low, high


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.689),
        (1, 0.025, 5.572),
        (3, 0.619, 8.767),
        (7, 2.814, 14.423),
        (12, 6.201, 20.962),
        (20, 12.217, 30.888),
        (30, 20.241, 42.827),
    ],
)
def test_g4_exact_interval_of_a_count(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), abs=5e-4)
    assert poisson_interval(count) == pytest.approx(reference_garwood(count), abs=1e-8)


def reference_ratio(before, after, exposure_before, exposure_after):
    """Limits by inverting the binomial tails; p by adding up what is no likelier."""
    total, scale = before + after, exposure_before / exposure_after

    def ratio(tail):
        share = optimize.brentq(tail, 1e-12, 1 - 1e-12, xtol=1e-14)
        return scale * share / (1 - share)

    low = ratio(lambda share: stats.binom.sf(after - 1, total, share) - 0.025)
    high = ratio(lambda share: stats.binom.cdf(after, total, share) - 0.025)
    share = Fraction(exposure_after, exposure_before + exposure_after)
    chances = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    return low, high, float(sum(chance for chance in chances if chance <= chances[after]))


@pytest.mark.parametrize(
    ("before", "after", "exposures", "ratio", "low", "high", "p_value"),
    [
        (4, 7, (1, 1), 1.75, 0.445, 8.152, 0.549),
        (10, 16, (1, 1), 1.60, 0.683, 3.944, 0.327),
        (12, 21, (1, 1), 1.75, 0.822, 3.902, 0.163),
        (20, 36, (1, 1), 1.80, 1.014, 3.282, 0.044),
        (30, 45, (1, 1), 1.50, 0.924, 2.466, 0.105),
        (100, 130, (1, 1), 1.30, 0.994, 1.704, 0.056),
        (10, 16, (28, 31), 1.445, 0.617, 3.562, 0.434),
        (31, 49, (1, 1), 1.58, 0.988, 2.564, 0.057),
    ],
)
def test_g5_exact_ratio_of_two_counts(before, after, exposures, ratio, low, high, p_value):
    found = poisson_ratio(before, after, *exposures)
    assert found.value == pytest.approx(ratio, abs=5e-3)
    assert found.interval == pytest.approx((low, high), abs=5e-4)
    assert found.p_value == pytest.approx(p_value, abs=5e-4)
    assert found.is_significant == (p_value < 0.05)
    assert (*found.interval, found.p_value) == pytest.approx(
        reference_ratio(before, after, *exposures), rel=1e-6
    )


@pytest.mark.parametrize(
    ("baseline", "rise", "fall"),
    [
        (2, 10, None),
        (5, 15, None),
        (10, 23, 2),
        (20, 36, 8),
        (30, 49, 15),
        (50, 73, 31),
        (100, 131, 73),
    ],
)
def test_g5_smallest_rise_and_largest_fall(baseline, rise, fall):
    def p_value(after):
        return stats.binomtest(after, baseline + after).pvalue

    assert (smallest_rise(baseline), largest_fall(baseline)) == (rise, fall)
    assert p_value(rise) < 0.05 <= p_value(rise - 1)
    assert p_value(0 if fall is None else fall + 1) >= 0.05
    assert fall is None or p_value(fall) < 0.05
    assert poisson_ratio(baseline, rise).is_significant
    assert not poisson_ratio(baseline, rise - 1).is_significant


def reference_wilson(count, total):
    """The shares at which the count is 1.96 standard deviations off."""
    z = stats.norm.ppf(0.975)

    def root(side, low, high):
        return optimize.brentq(
            lambda p: count - total * p + side * z * np.sqrt(total * p * (1 - p)), low, high
        )

    share = count / total
    return root(-1, 1e-15, share) if count else 0, root(1, max(share, 1e-9), 1 - 1e-12)


@pytest.mark.parametrize(
    ("count", "total", "share", "low", "high"),
    [
        (9, 12_400, 7.258, 3.819, 13.790),
        (14, 13_100, 10.687, 6.367, 17.932),
        (0, 500, 0, 0, 76.243),
        (2, 800, 25, 6.859, 90.691),
    ],
)
def test_g6_interval_of_a_share_per_10000(count, total, share, low, high):
    found = share_interval(count, total)
    assert 10_000 * count / total == pytest.approx(share, abs=5e-4)
    assert [10_000 * end for end in found] == pytest.approx([low, high], abs=5e-4)
    assert found == pytest.approx(reference_wilson(count, total), rel=1e-7)


def test_difference_and_ratio_of_shares():
    before, after = Share(9, 12_400), Share(14, 13_100)
    difference = share_difference(before, after)
    assert 10_000 * difference.value == pytest.approx(3.429, abs=5e-4)
    assert [10_000 * end for end in difference.interval] == pytest.approx(
        [-4.402, 11.449], abs=5e-4
    )
    (l1, u1), (l2, u2) = reference_wilson(*before), reference_wilson(*after)
    p1, p2 = 9 / 12_400, 14 / 13_100
    assert difference.interval == pytest.approx(
        (
            p2 - p1 - np.hypot(p2 - l2, u1 - p1),
            p2 - p1 + np.hypot(u2 - p2, p1 - l1),
        ),
        rel=1e-6,
    )
    ratio = poisson_ratio(9, 14, 12_400, 13_100)
    assert (ratio.value, *ratio.interval) == pytest.approx((1.472, 0.594, 3.857), abs=1e-3)
    with pytest.raises(ValueError, match="share of nothing"):
        share_difference(Share(0, 0), after)


def test_g7_counts_in_clusters():
    found = clustered_count([6, 3, 2, 1])
    assert found.design_effect == pytest.approx(4.1667, abs=5e-5)
    assert found.effective_count == pytest.approx(2.88)
    assert found.interval == pytest.approx((2.365, 35.776), abs=5e-4)
    assert (found.top_share, found.herfindahl) == pytest.approx((0.5, 0.347), abs=5e-4)
    assert (found.count, found.employers) == (12, 4)

    def quantile(shape, tail):
        mean = optimize.brentq(lambda x: stats.gamma.cdf(x, shape) - tail, 1e-9, 99)
        return mean * 50 / 12

    assert found.interval == pytest.approx((quantile(2.88, 0.025), quantile(3.88, 0.975)))


def test_one_opening_for_each_employer_is_a_plain_count():
    found = clustered_count([1] * 12 + [0, 0])
    assert found.interval == pytest.approx(poisson_interval(12))
    assert (found.employers, found.design_effect) == (12, 1)
    assert clustered_count([]).interval == poisson_interval(0)
    with pytest.raises(ValueError, match="negative"):
        clustered_count([3, -1])


CLOSED, OPEN = (5, 12, 20, 33), (7, 15, 40, 60)
ENTRIES = dict(zip((*CLOSED, *OPEN), (0, 0, 0, 10, 0, 0, 30, 45), strict=True))


def reference_survival(spells):
    """The product over all closings, each with those who were watched at the time, counted."""
    survival, curve = 1.0, {}
    for age in sorted({one.age_days for one in spells if one.is_closed}):
        watched = [one for one in spells if one.entry_days < age and one.age_days >= age]
        gone = [one for one in watched if one.is_closed and one.age_days == age]
        survival *= (len(watched) - len(gone)) / len(watched)
        curve[age] = survival
    return curve


@pytest.mark.parametrize(
    ("is_delayed", "curve", "median"),
    [
        (False, [0.875, 0.7292, 0.5469, 0.3646], 33),
        (True, [0.8, 0.6, 0.3, 0.15], 20),
    ],
)
def test_g8_days_open(is_delayed, curve, median):
    spells = [
        Spell(age, age in CLOSED, ENTRIES[age] if is_delayed else 0) for age in (*CLOSED, *OPEN)
    ]
    found = days_open(spells)
    assert [step.survival for step in found.steps] == pytest.approx(curve, abs=5e-5)
    assert {step.age_days: step.survival for step in found.steps} == pytest.approx(
        reference_survival(spells)
    )
    assert found.median_days == median
    assert found.median_interval == (5, inf)
    assert found.closed_only_median_days == 16
    assert found.mean_open_age_days == 30.5
    assert (found.spells, found.closed) == (8, 4)
    assert found.survival_at(4) == 1
    assert found.survival_at(19) == pytest.approx(curve[1], abs=5e-5)


def test_median_is_not_reached_while_most_are_open():
    found = days_open([Spell(5, is_closed=True), Spell(30, is_closed=False), Spell(40, False)])
    assert found.median_days is None
    assert found.median_interval.high == inf
    assert days_open([]).median_days is None


def test_wide_closings_and_impossible_spells():
    spells = [Spell(5, True, width_days=3), Spell(6, True, width_days=1), Spell(7, False, 0, 9)]
    assert days_open(spells).wide_share == 0.5
    with pytest.raises(ValueError, match="before it was watched"):
        days_open([Spell(5, is_closed=True, entry_days=6)])


def test_mean_days_only_where_the_curve_comes_down():
    ages = [3, 5, 5, 9, 20]
    assert days_open([Spell(age, is_closed=True) for age in ages]).mean_days == pytest.approx(
        np.mean(ages)
    )
    assert days_open([Spell(3, is_closed=True), Spell(9, is_closed=False)]).mean_days is None
    assert days_open([]).mean_days is None


def test_littles_law():
    assert littles_law_deviation(40.5, 0.9, 45) == pytest.approx(0)
    assert littles_law_deviation(54, 0.9, 45) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="nothing to compare"):
        littles_law_deviation(3, 0, 45)


def reference_poisson_trend(counts):
    """Slope and standard error from the likelihood itself, maximised and bent numerically."""
    periods = range(len(counts))

    def loss(parameters):
        means = [exp(parameters[0] + parameters[1] * period) for period in periods]
        return sum(
            mean - count * log(mean) + lgamma(count + 1)
            for count, mean in zip(counts, means, strict=True)
        )

    found = optimize.minimize(loss, (log(np.mean(counts)), 0.0), method="Nelder-Mead", tol=1e-12)
    step, at = 1e-4, found.x

    def bend(i, j):
        ei, ej = step * np.eye(2)[i], step * np.eye(2)[j]
        corners = loss(at + ei + ej) - loss(at + ei - ej) - loss(at - ei + ej) + loss(at - ei - ej)
        return corners / (4 * step**2)

    inverse = np.linalg.inv([[bend(0, 0), bend(0, 1)], [bend(1, 0), bend(1, 1)]])
    return found.x[1], np.sqrt(inverse[1, 1])


def test_g9_a_trend_that_may_be_claimed():
    found = trend_test(GROWING)
    assert found.is_trend
    assert found.reason == ""
    kendall, poisson = found.mann_kendall, found.poisson
    assert (kendall.s, kendall.sen_slope) == (42, 0.5)
    assert (kendall.variance, kendall.z) == pytest.approx((208.667, 2.838), abs=5e-4)
    assert kendall.p_value == pytest.approx(0.0045, abs=5e-5)
    assert mann_kendall_permutation_p(GROWING) == pytest.approx(0.0027, abs=5e-4)
    assert poisson.slope == pytest.approx(0.0755, abs=5e-5)
    assert poisson.standard_error == pytest.approx(0.0331, abs=5e-5)
    assert poisson.dispersion == pytest.approx(0.282, abs=5e-4)
    assert (poisson.factor, *poisson.interval) == pytest.approx((1.078, 1.002, 1.161), abs=5e-4)
    assert poisson.p_value == pytest.approx(0.0455, abs=5e-5)
    assert (poisson.slope, poisson.standard_error) == pytest.approx(
        reference_poisson_trend(GROWING), rel=1e-4
    )
    assert kendall.sen_slope == stats.theilslopes(GROWING)[0]


def test_g9_a_flat_series():
    found = trend_test(FLAT)
    assert not found.is_trend
    assert found.reason == "Mann-Kendall p = 0.596"
    assert found.mann_kendall.s == 8
    assert (found.mann_kendall.z, found.mann_kendall.p_value) == pytest.approx(
        (0.530, 0.596), abs=5e-4
    )


def test_mann_kendall_variance_is_that_of_all_permutations():
    values = [1, 1, 2, 3, 3, 3]
    all_s = [
        sum(np.sign(b - a) for i, a in enumerate(order) for b in order[i + 1 :])
        for order in permutations(values)
    ]
    assert mann_kendall(values).variance == pytest.approx(np.var(all_s))
    extreme = np.mean(np.abs(all_s) >= mann_kendall(values).s)
    assert mann_kendall_permutation_p(values) == pytest.approx(extreme, abs=0.006)


def test_a_trend_needs_periods_and_both_tests():
    assert trend_test([1, 2, 3, 4, 5, 6, 7]).reason == "7 periods are fewer than 8"
    # overdispersed: ranks rise, but the counts scatter too much for the slope
    scattered = trend_test([1, 2, 3, 4, 5, 60, 6, 7, 8, 9])
    assert not scattered.is_trend
    assert scattered.reason.startswith("log-linear p = 0.")
    assert scattered.poisson.dispersion > 1
    assert not trend_test([0] * 12).is_trend
    assert not trend_test([0] * 11 + [40]).is_trend
    with pytest.raises(ValueError, match="at one end"):
        poisson_trend([0, 0, 0, 9])
    with pytest.raises(ValueError, match="three or more"):
        mann_kendall([1, 2])


def test_more_boards_are_no_trend():
    exposures = [float(n) for n in range(20, 44, 2)]
    counts = [int(exposure) // 2 for exposure in exposures]
    assert trend_test(counts).is_trend
    assert not trend_test(counts, exposures).is_trend
    assert poisson_trend(counts, exposures).slope == pytest.approx(0, abs=0.02)


def test_several_questions_at_once():
    p_values = [0.004, 0.021, 0.049, 0.20, 0.62]
    found = adjusted_p_values(p_values)
    assert found == pytest.approx([0.02, 0.0525, 0.0817, 0.25, 0.62], abs=5e-5)
    size = len(p_values)
    assert found == pytest.approx(
        [min(p_values[j] * size / (j + 1) for j in range(i, size)) for i in range(size)]
    )
    assert [p < 0.05 for p in found] == [True, False, False, False, False]
    assert adjusted_p_values([]) == []


def test_g11_how_many_there_are():
    found = population(20, 15, 10)
    assert found.estimate == pytest.approx(29.545, abs=5e-4)
    assert found.standard_error == pytest.approx(3.402, abs=5e-4)
    assert found.interval == pytest.approx((22.9, 36.2), abs=5e-2)
    assert found.coverage_share == pytest.approx(0.8462, abs=5e-5)
    # unbiased where both boards together are larger than the whole (Chapman 1951)
    draws = stats.hypergeom(30, 20, 15)
    mean = sum(draws.pmf(both) * population(20, 15, both).estimate for both in range(5, 16))
    assert mean == pytest.approx(30)
    with pytest.raises(ValueError, match="16 on both boards"):
        population(20, 15, 16)


@pytest.mark.parametrize(
    ("boards", "index"),
    [
        pytest.param(
            {"a": [6, 6, 6, 5, 5], "b": [4, 4, 4, 4, None], "c": [None, None, 6, 6, 7]},
            [100, 100, 100, 93.75, 102.2727],
            id="g1",
        ),
        pytest.param({"a": [10, 10, 10], "b": [10, None, 4]}, [100, 100, 70], id="g2-returning"),
        pytest.param({"a": [10, 10, 10], "b": [10, 10, 4]}, [100, 100, 70], id="g2-carried"),
        pytest.param(
            {"panel": [10] * 6} | {str(n): [None, None, 1, 1, *rest] for n, rest in enumerate(
                [(0, 0), (0, 0), (0, 0), (1, 0), (1, 1)])},
            [100, 100, 100, 100, 80, 73.333],
            id="g12-with-triggers",
        ),
        pytest.param({"panel": [10] * 6, "x": [None, None, 0, 0, 0, 0]}, [100] * 6, id="g12"),
    ],
)  # fmt: skip
def test_matched_chain(boards, index):
    found = chain_index(boards)
    assert found.values == pytest.approx(index, abs=5e-4)
    assert found.periods_joined == 1


def test_thin_links_double_the_period():
    found = chain_index({"a": [4, 6, 6, 6, 7, 7]})
    assert matched_links([[4, 6]])[0].value is None
    assert found.periods_joined == 2
    assert found.values == pytest.approx([100, 120, 140])
    assert chain_index({"a": [1, 2, 1, 2]}).values == ()


@pytest.mark.parametrize(
    ("base", "now", "low", "high", "is_rise", "has_index"),
    [
        (5, 8, 46, 622, False, False),
        (20, 32, 89, 295, False, True),
        (80, 128, 120, 214, True, True),
    ],
)
def test_g18_the_same_index_on_different_bases(base, now, low, high, is_rise, has_index):
    ratio = poisson_ratio(base, now)
    assert 100 * ratio.value == 160
    assert [100 * end for end in ratio.interval] == pytest.approx([low, high], abs=0.5)
    assert ratio.is_significant == is_rise
    assert may_have_index(28, base) == has_index
    assert not may_have_index(27, base)


def test_bootstrap_draws_employers():
    # of two employers with 1 and 3: 2, 4 and 6 with chances 1/4, 1/2 and 1/4
    assert stock_interval([1, 3]) == (2, 6)
    assert stock_interval([1, 3]) == stock_interval([1, 3])
    assert stock_interval([2] * 50) == (100, 100)
    one_big, spread = stock_interval([41] + [1] * 9), stock_interval([5] * 8 + [4, 6])
    assert one_big.high - one_big.low > 10 * (spread.high - spread.low)
    with pytest.raises(ValueError, match="no employers"):
        stock_interval([])


def test_growth_of_employers():
    before, after = [4, 6, 2, 8, 5, 5], [5, 6, 3, 8, 6, 7]
    found = growth_interval(before, after)
    assert 1 < found.low < sum(after) / sum(before) < found.high < 1.6
    generator = np.random.default_rng(1)
    ratios = []
    for _ in range(4000):
        drawn = generator.integers(0, 6, 6)
        ratios.append(sum(after[i] for i in drawn) / sum(before[i] for i in drawn))
    assert found == pytest.approx(np.percentile(ratios, [2.5, 97.5]), abs=0.01)
    # an employer without a stock before makes the growth boundless, never NaN
    assert growth_interval([0, 5], [5, 5]).high == inf


@pytest.mark.parametrize(
    ("mean", "bound"),
    [(1, None), (2, None), (3, None), (5, None), (7, 0), (10, 1), (20, 7), (50, 29)],
)
def test_g15_a_count_that_chance_does_not_reach(mean, bound):
    assert drop_bound(mean) == bound
    below = [count for count in range(mean) if stats.poisson.cdf(count, mean) < 0.001]
    assert max(below, default=None) == bound


def test_g16_how_soon_facts_are_known():
    delays = [0] * 12 + [1] * 5 + [2, 3, 6]
    shares = known_shares(delays)
    assert shares == pytest.approx({0: 0.60, 1: 0.85, 2: 0.90, 3: 0.95, 6: 1})
    assert shares == {delay: np.mean([one <= delay for one in delays]) for delay in Counter(delays)}
    assert 6 / shares[0] == pytest.approx(10)
    assert known_shares([]) == {}


@pytest.mark.parametrize(
    ("coverage", "imputed", "expected"),
    [
        (1, 0, "firm"),
        (0.95, 0.10, "firm"),
        (0.9499, 0, "provisional"),
        (1, 0.1001, "provisional"),
        (0.90, 0, "provisional"),  # G14
        (0.80, 0.25, "provisional"),
        (0.7999, 0, "withheld"),
        (1, 0.2501, "withheld"),
    ],
)
def test_whether_a_figure_may_be_printed(coverage, imputed, expected):
    assert standing(coverage, imputed) is Standing(expected)


# P5: every interval contains its estimate, widens with fewer observations, is never NaN, and prints
# an infinite end as ∞.


def is_sound(interval, estimate):
    return not any(map(isnan, interval)) and interval.low <= estimate <= interval.high


@given(SMALL, SMALL, st.floats(0.5, 400), st.floats(0.5, 400))
def test_p5_counts_and_ratios(before, after, exposure_before, exposure_after):
    assert is_sound(poisson_interval(before), before)
    ratio = poisson_ratio(before, after, exposure_before, exposure_after)
    assert 0 <= ratio.p_value <= 1
    if ratio.value is None:
        assert ratio.interval.text() == "0.00–∞"
    else:
        assert is_sound(ratio.interval, ratio.value)
        assert ("∞" in ratio.interval.text()) == (before == 0)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(2, 9))
def test_p5_fewer_observations_widen(before, after, times):
    def width(factor):
        low, high = poisson_ratio(factor * before, factor * after).interval
        return high / low

    assert width(1) > width(times)
    assert width(1) > 1


@given(SMALL, SMALL, SMALL, SMALL, st.integers(2, 9))
def test_p5_shares(part, rest, other_part, other_rest, times):
    whole, other = part + rest, other_part + other_rest
    if whole == 0:
        assert share_interval(0, 0).text() == "0.00–∞"
        return
    found = share_interval(part, whole)
    assert is_sound(found, part / whole)
    more = share_interval(times * part, times * whole)
    assert more.high - more.low < found.high - found.low
    if other:
        difference = share_difference(Share(part, whole), Share(other_part, other))
        assert is_sound(difference.interval, difference.value)


@given(st.lists(st.integers(0, 12), max_size=12))
def test_p5_clusters(by_employer):
    found = clustered_count(by_employer)
    assert is_sound(found.interval, found.count)
    plain = poisson_interval(found.count)
    width = found.interval.high - found.interval.low
    assert width >= plain.high - plain.low - 1e-9
    assert found.effective_count <= found.count + 1e-9


@st.composite
def spells(draw):
    entry = draw(st.integers(0, 50))
    age = entry + draw(st.integers(0, 50))
    return Spell(age, draw(st.booleans()), entry)


@given(st.lists(spells(), max_size=25))
def test_p5_days_open(watched):
    found = days_open(watched)
    curve = [step.survival for step in found.steps]
    assert curve == sorted(curve, reverse=True)
    assert all(is_sound(step.interval, step.survival) for step in found.steps)
    assert is_sound(found.median_interval, inf if found.median_days is None else found.median_days)
    if found.median_days is None:
        assert "∞" in found.median_interval.text(0)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=24))
def test_p5_trends(counts):
    if any(counts[1:]) and any(counts[:-1]):
        found = poisson_trend(counts)
        assert is_sound(found.interval, found.factor)
        assert 0 <= found.p_value <= 1
        assert isfinite(found.standard_error)
    kendall = mann_kendall(counts)
    assert 0 <= kendall.p_value <= 1
    backwards = mann_kendall(counts[::-1])
    assert (backwards.s, backwards.p_value) == (-kendall.s, kendall.p_value)
    trend_test(counts)  # never raises


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_p5_bootstrap(by_employer):
    found = bootstrap_by_employer([[one] for one in by_employer], lambda sums: sums[:, 0])
    assert is_sound(found, sum(by_employer))
    assert isinstance(found, Interval)


MEANS = st.lists(st.one_of(st.none(), st.floats(0, 30)), min_size=5, max_size=5)


@given(st.lists(MEANS, min_size=1, max_size=6), st.floats(0, 30), st.integers(1, 4))
def test_p1_a_board_that_enters_or_leaves_moves_no_link(panel, level, period):
    before = matched_links(panel)
    entering = matched_links([*panel, [None] * period + [level] * (5 - period)])
    leaving = matched_links([*panel, [level] * period + [None] * (5 - period)])
    assert entering[:period] == before[:period]
    assert leaving[period - 1 :] == before[period - 1 :]

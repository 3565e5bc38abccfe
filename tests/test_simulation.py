"""The bars of method 2 (P7) on simulated markets: index, new and closed against the truth."""

import pytest

from tests.benchmarks.simulation import simulate, summarise


@pytest.mark.parametrize(
    "markets", [3, pytest.param(30, marks=pytest.mark.slow)], ids=lambda count: f"{count}-markets"
)
def test_p7_the_tables_find_the_truth_that_naive_counting_misses(markets):
    summary = summarise(*simulate(markets))
    assert summary.index_rmse <= 0.15
    assert summary.spec_new_ratio == pytest.approx(1, abs=0.01)
    assert summary.spec_closed_ratio == pytest.approx(1, abs=0.01)
    assert summary.median_days == pytest.approx(summary.true_median_days, rel=0.1)
    assert summary.naive_median_days < 0.9 * summary.true_median_days
    # so much for the boards that joined, and for the nights that failed
    assert summary.naive_growth > summary.true_growth + 0.5
    assert summary.naive_new_ratio > 2
    assert summary.naive_closed_ratio > 2

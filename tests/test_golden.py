"""The golden examples of the method that are tables: inputs to exact outputs (method 2.9)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.stores import Ad, Board, ads, build_tables, daily, day, listing

G3_SEEN = {"P1": [1, 2, 4, 5, 6], "P2": [1, 2], "P3": [4, 6], "P4": [1, 2, 4]}


def rows(tables, sql, *values):
    return tables.execute(sql, list(values)).fetchall()


def stock_nights(counts, prefix=""):
    """Nights of a board with that many openings; a None fails."""
    return [
        "http_5xx"
        if count is None
        else tuple(Ad(f"{prefix}{n}", location=f"{prefix}{n}") for n in range(count))
        for count in counts
    ]


def test_g1_naive_stock_and_its_panel_movements(tmp_path):
    weeks = {"a": [6, 6, 6, 5, 5], "b": [4, 4, 4, 4, 0], "c": [0, 0, 6, 6, 7]}

    def nights(board):
        return [night for count in weeks[board] for night in stock_nights([count] * 7, board)]

    boards = [
        Board("a", nights("a")),
        Board("b", nights("b")[:28], retired_date=day(29)),
        Board("c", nights("c")[14:], start=14),
    ]
    tables = build_tables(tmp_path, boards)
    stock = daily(tables)[::7]
    assert stock == [10, 10, 16, 15, 12]
    assert [100 * count / stock[0] for count in stock] == [100, 100, 160, 150, 120]
    assert sum(daily(tables, "panel_entry_openings")) == 10 + 6
    assert sum(daily(tables, "panel_exit_openings")) == 4
    assert sum(daily(tables, "new_openings")) == 1
    assert sum(daily(tables, "closed_openings")) == 1

    by_board = {
        name: daily(build_tables(tmp_path, [board]))[::7]
        for name, board in zip("abc", boards, strict=True)
    }
    by_board = {"a": by_board["a"], "b": by_board["b"][:4], "c": by_board["c"]}
    starts = {"a": 0, "b": 0, "c": 2}
    index = [100.0]
    for before, week in pairwise(range(5)):
        matched = [
            (series[before - starts[name]], series[week - starts[name]])
            for name, series in by_board.items()
            if starts[name] <= before and week - starts[name] < len(series)
        ]
        index.append(index[-1] * sum(new for _, new in matched) / sum(old for old, _ in matched))
    assert index == pytest.approx([100, 100, 100, 93.75, 102.2727], abs=1e-4)


def test_g2_an_outage_carries_the_last_state(tmp_path):
    boards = [
        Board("a", stock_nights([10, 10, 10], "a")),
        Board("b", stock_nights([10, None, 4], "b")),
    ]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [20, 20, 14]  # index 100 100* 70
    assert daily(tables, "imputed_share") == [0, 0.5, 0]
    assert daily(tables, "boards_observed") == [2, 1, 2]


@pytest.mark.parametrize(
    ("closes_after", "vintage", "stock"),
    [
        (2, 4, [3, 3, 3, 4]),
        (2, 5, [3, 3, 3, 3, 3]),
        (2, 6, [3, 3, 3, 3, 2, 2]),
        (1, 5, [3, 3, 3, 3, 1]),
        (1, 6, [3, 3, 3, 3, 1, 2]),
    ],
)
def test_g3_stock_by_vintage(tmp_path, closes_after, vintage, stock):
    board = Board("a", listing(G3_SEEN, 6, failed=[3]), closes_after=closes_after)
    tables = build_tables(tmp_path, [board], until=vintage)
    assert daily(tables) == stock
    assert sum(daily(tables, "new_openings")) == 1  # P3


def test_g3_closings_are_intervals(tmp_path):
    tables = build_tables(tmp_path, [Board("a", listing(G3_SEEN, 6, failed=[3]), closes_after=2)])
    assert rows(
        tables,
        "select posting_id, last_seen_date, closed_date from postings where closed_date > '2026-01-01' order by 1",
    ) == [("P2", day(2), day(4)), ("P4", day(4), day(5))]


def test_g3_a_posting_closed_too_early_is_reopened(tmp_path):
    board = Board("a", listing(G3_SEEN, 6, failed=[3]), closes_after=1)
    before = build_tables(tmp_path, [board], until=5)
    assert rows(before, "select closed_date from postings where posting_id = 'P3'") == [(day(5),)]
    after = build_tables(tmp_path, [board], until=6)
    assert rows(after, "select closed_date, spells from postings where posting_id = 'P3'") == [
        (None, 2)
    ]
    assert daily(after, "reopened_openings") == [0, 0, 0, 0, 0, 1]


def test_g3_one_absence_is_provisional(tmp_path):
    board = Board("a", listing(G3_SEEN, 6, failed=[3]), closes_after=2)
    tables = build_tables(tmp_path, [board], until=5)
    assert rows(
        tables,
        "select posting_id, is_active, unconfirmed_absence_date from postings where is_provisional order by 1",
    ) == [("P3", True, day(5)), ("P4", True, day(5))]


def test_g13_a_repost_continues_the_spell_a_later_one_does_not(tmp_path):
    spells = [
        ("x1", date(2026, 1, 1), date(2026, 1, 20)),
        ("x2", date(2026, 1, 28), date(2026, 3, 10)),
        ("x3", date(2026, 5, 20), date(2026, 6, 1)),
    ]
    nights = []
    for number in range((date(2026, 6, 2) - date(2026, 1, 1)).days):
        tonight = date(2026, 1, 1) + timedelta(number)
        nights.append(ads(*(name for name, start, end in spells if start <= tonight < end)))
    tables = build_tables(tmp_path, [Board("a", nights)])
    assert rows(
        tables, "select open_days, reposts, postings from openings order by first_seen_date"
    ) == [(68, 1, 2), (12, 0, 1)]
    assert sum(daily(tables, "new_openings")) == 1  # the first was there on the first night
    assert sum(daily(tables, "reopened_openings")) == 1


def test_g14_coverage_by_boards_and_by_weight(tmp_path):
    weights = [30, 20, 15, 10, 10, 8, 5, 2]
    boards = [
        Board(f"b{n}", stock_nights([weight, None if n in {5, 7} else weight], f"b{n}"))
        for n, weight in enumerate(weights)
    ]
    tables = build_tables(tmp_path, boards)
    assert rows(
        tables,
        "select board_coverage_share, weight_coverage_share from crawl_nights order by crawl_date",
    ) == [(1, 1), (0.75, 0.9)]


def test_g17_a_failed_night_is_carried_never_zero(tmp_path):
    counts = [10, 10, None, 11, 12, 12, 12]
    tables = build_tables(tmp_path, [Board("a", stock_nights(counts))])
    stock = daily(tables)
    assert sum(stock) / 7 == 11.0
    assert rows(
        tables,
        "select mean_active_openings from role_demand_monthly where role_id = 'vp_engineering' and source = 'all' and country_code = 'all'",
    ) == [(11.0,)]
    observed = daily(tables, "boards_observed")
    seen = [count for count, boards in zip(stock, observed, strict=True) if boards]
    assert sum(seen) / len(seen) == pytest.approx(11.1667, abs=1e-4)
    assert sum(
        count * boards for count, boards in zip(stock, observed, strict=True)
    ) / 7 == pytest.approx(9.5714, abs=1e-4)  # what zero-filling would say


def test_g19_the_employers_own_board_wins(tmp_path):
    def nights(start, end):
        one = Ad("1", employer="Acme Inc.")
        return [(one,) if start <= night < end else () for night in range(1, 27)]

    own = Board("acme", nights(1, 20), employer="Acme")
    others = [
        Board("x", nights(3, 25), source="aggregator", employer=None),
        Board("y", nights(18, 24), source="aggregator", employer=None),
    ]
    tables = build_tables(tmp_path, [own, *others])
    stock = daily(tables)
    assert (stock[19 - 1], stock[22 - 1]) == (1, 0)
    assert rows(
        tables,
        "select count(*) filter (where day(first_seen_date) <= 19 and day(closed_date) > 19), "
        "count(*) filter (where day(first_seen_date) <= 22 and day(closed_date) > 22) from postings",
    ) == [(3, 2)]
    assert rows(tables, "select postings, boards from openings") == [(3, 3)]
    union = daily(build_tables(tmp_path, others), source="all")
    assert union[22 - 1] == 1


def test_g20_what_a_board_brings_with_it_is_not_new(tmp_path):
    first = date(2026, 7, 15)
    brought = [
        Ad(f"p{age}", location=str(age), posted_date=first - timedelta(age))
        for age in (90, 60, 30, 10, 3, 1)
    ]
    later = Ad("late", location="late", posted_date=date(2026, 7, 17))
    nights = [brought, brought, [*brought, later], [*brought, later]]
    tables = build_tables(tmp_path, [Board("a", nights)], first=first)
    assert sum(daily(tables, "new_openings")) == 1
    assert sum(daily(tables, "panel_entry_openings")) == 6
    assert rows(tables, "select count(*) from postings where is_baseline") == [(6,)]


def test_g21_every_term_of_the_ledger(tmp_path):
    """10; new 2, reopened 1, entry 6, closed 3, exit 4, relabelled -1: 11."""
    stays = [Ad(f"s{n}", location=f"s{n}") for n in range(6)]
    leaves = tuple(Ad(f"l{n}", location=f"l{n}") for n in range(4))
    enters = tuple(Ad(f"e{n}", location=f"e{n}") for n in range(6))
    back = Ad("back", location="back")
    relabelled = Ad("s0", title="VP of Product", location="s0")
    new = [Ad(f"n{n}", location=f"n{n}") for n in range(2)]
    boards = [
        Board("stays", [[*stays, back], stays, [relabelled, *stays[4:], back, *new]]),
        Board("leaves", [leaves, leaves], retired_date=day(3)),
        Board("enters", [enters], start=2),
    ]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [11, 10, 11]
    terms = {
        "new_openings": 2,
        "reopened_openings": 1,
        "panel_entry_openings": 6,
        "closed_openings": 3,
        "panel_exit_openings": 4,
        "relabelled_openings": -1,
    }
    assert {term: daily(tables, term)[-1] for term in terms} == terms
    assert daily(tables, "new_openings", role="vp_product") == [0]
    assert daily(tables, "relabelled_openings", role="vp_product") == [1]

"""The chain index: growth over boards that two periods share (method 2.3, 2.4)."""

from datetime import date, timedelta

import pytest

from tests.stores import Ad, Board, build_tables, day
from warehouse.statistics.index import BASE_NEW_OPENINGS, MIN_DENOMINATOR, PERIOD_NIGHTS

PERIOD = 28
ROTATION = 7  # nights after which a board's openings are replaced by as many new ones


def months_of(counts, prefix, rotation=ROTATION):
    """Nights of a board with that many openings in each period of 28; a None fails."""
    nights = []
    for period, count in enumerate(counts):
        for night in range(PERIOD):
            turn = (period * PERIOD + night) // rotation
            ids = [f"{prefix}-{turn}-{n}" for n in range(count or 0)]
            nights.append(
                "http_5xx" if count is None else tuple(Ad(one, location=one) for one in ids)
            )
    return nights


def periods_board(name, counts, start=0, rotation=ROTATION, **fields):
    return Board(name, months_of(counts, name, rotation), start=PERIOD * start, **fields)


def index_of(tables, columns, source="all", role="vp_engineering", kind="stock"):
    rows = tables.execute(
        f"select {columns} from role_index where role_id = ? and source = ? and kind = ? "
        "and country_code = 'all' order by period_start_date",
        [role, source, kind],
    ).fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def test_g1_a_board_that_comes_and_one_that_goes_move_nothing(tmp_path):
    boards = [
        periods_board("a", [6, 6, 6, 5, 5]),
        periods_board("b", [4, 4, 4, 4], retired_date=day(4 * PERIOD + 1)),
        periods_board("c", [6, 6, 7], start=2),
    ]
    tables = build_tables(tmp_path, boards)
    assert index_of(tables, "naive_index") == [100, 100, 160, 150, 120]
    assert index_of(tables, "link") == [None, 1, 1, 0.9375, pytest.approx(12 / 11)]
    assert index_of(tables, "demand_index") == pytest.approx([100, 100, 100, 93.75, 102.2727])
    assert index_of(tables, "matched_boards, matched_openings, matched_openings_before") == [
        (0, 0, 0),
        (2, 10, 10),
        (2, 10, 10),
        (3, 15, 16),
        (2, 12, 11),
    ]
    assert index_of(tables, "panel_entry_openings, panel_exit_openings") == [
        (10, 0),
        (0, 0),
        (6, 0),
        (0, 0),
        (0, 4),
    ]
    assert index_of(tables, "period_start_date, period_end_date, period_days, is_base")[1] == (
        date(2026, 1, 29),
        date(2026, 2, 25),
        28,
        False,
    )


def test_g2_a_board_that_returns_is_linked_to_its_own_last_period(tmp_path):
    boards = [periods_board("a", [10, 10, 10]), periods_board("b", [10, None, 4])]
    tables = build_tables(tmp_path, boards)
    assert index_of(tables, "matched_boards, link") == [(0, None), (1, 1), (2, 0.7)]
    assert index_of(tables, "demand_index") == pytest.approx([100, 100, 70])


def test_g12_what_a_board_was_found_by_is_in_no_link(tmp_path):
    """Five found boards with 5 5 2 1 openings between them: 100 100 100 100 80 73.333."""
    panel = periods_board("panel", [10] * 6)
    for reason, expected in (
        ("role_hit", [100] * 6),
        ("list", [100, 100, 100, 100, 80, 73.333]),
    ):
        found = [
            Board(
                f"hit{n}",
                [(Ad("hit"),)] * (PERIOD * periods) + [()] * (PERIOD * (4 - periods)),
                start=2 * PERIOD,
                discovery_reason=reason,
            )
            for n, periods in enumerate((4, 3, 2, 2, 2))
        ]
        tables = build_tables(tmp_path, [panel, *found])
        assert index_of(tables, "demand_index") == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("before", "after", "index"),
    [(5, 8, [None, None]), (20, 32, [100, 160]), (80, 128, [100, 160])],
)
def test_g18_a_small_base_gets_no_index(tmp_path, before, after, index):
    """So many new openings in the base period, of as many that are open at a time."""
    nights = months_of([before, after], "x", rotation=PERIOD)
    nights[0] = ()  # the first night is what the board came with
    tables = build_tables(tmp_path, [Board("x", [(), *nights[1:]])])
    assert index_of(tables, "new_openings") == [before, after]
    assert index_of(tables, "demand_index") == [
        None if one is None else pytest.approx(one, rel=0.04) for one in index
    ]
    assert index_of(tables, "naive_index")[0] == index[0]


def test_the_base_is_as_many_periods_as_it_takes(tmp_path):
    tables = build_tables(tmp_path, [periods_board("x", [6, 8, 10, 10], rotation=PERIOD)])
    assert index_of(tables, "new_openings, is_base") == [
        (0, True),
        (8, True),
        (10, True),
        (10, True),
    ]
    assert index_of(tables, "demand_index") == pytest.approx(
        [6 / 0.085, 8 / 0.085, 10 / 0.085, 10 / 0.085]
    )


def test_thin_links_double_the_period(tmp_path):
    counts = [6, 6, 4, 8, 6, 6]
    tables = build_tables(tmp_path, [periods_board("x", counts)])
    assert index_of(tables, "period_days, link") == [(56, None), (56, 1), (56, 1)]
    assert index_of(tables, "demand_index") == [100, 100, 100]


def test_where_doubling_does_not_help_there_are_counts_only_from_the_break_on(tmp_path):
    tables = build_tables(tmp_path, [periods_board("x", [10, 10, *[2] * 10], rotation=4)])
    assert index_of(tables, "period_days, link")[:4] == [(28, None), (28, 1), (28, 0.2), (28, None)]
    assert index_of(tables, "demand_index")[:4] == [100, 100, 20, None]


def test_a_board_must_be_in_the_panel_all_through_and_seen_on_half_of_the_nights(tmp_path):
    steady = periods_board("steady", [8, 8, 8])
    late = Board("late", months_of([5, 5, 5], "late")[1:], start=1)
    dim = Board(
        "dim",
        [
            "http_5xx" if 28 <= number < 56 and number % 3 else night
            for number, night in enumerate(months_of([5, 5, 5], "dim"))
        ],
    )
    tables = build_tables(tmp_path, [steady, late, dim])
    assert index_of(tables, "matched_boards") == [0, 1, 3]


def test_a_twin_on_another_board_moves_no_link_of_the_first(tmp_path):
    """An aggregator showed the openings; then the employer's own board is admitted (P1)."""
    shown = [tuple(Ad(f"{n}", location=f"{n}", employer="Acme") for n in range(8))] * (4 * PERIOD)
    aggregator = Board("agg", shown, employer=None, source="aggregator")
    own = Board("acme", shown[2 * PERIOD :], employer="Acme", start=2 * PERIOD)
    before = build_tables(tmp_path, [aggregator], until=4 * PERIOD)
    after = build_tables(tmp_path, [aggregator, own], until=4 * PERIOD)
    links = links_of(before, "all")
    assert links == {0: (0, 0), 1: (8, 8), 2: (8, 8), 3: (8, 8)}
    assert links_of(after, "all") == {**links, 3: (16, 16)}


def test_a_thread_has_an_index_of_its_share(tmp_path):
    def thread(month, role, others):
        posts = [Ad(f"{month}-{n}", employer=f"{month}{n}") for n in range(role)]
        rest = [Ad(f"{month}-o{n}", title="CTO", employer=f"o{month}{n}") for n in range(others)]
        return Board(month, [(*posts, *rest)], source="hackernews", kind="flow", employer=None)

    boards = [thread("2025-10", 10, 10), thread("2025-11", 10, 30), thread("2025-12", 20, 60)]
    tables = build_tables(tmp_path, boards)
    columns = "demand_index, naive_index, is_base, link, period_days"
    assert index_of(tables, columns, source="hackernews", kind="flow") == [
        (pytest.approx(150), 100, True, None, 31),
        (pytest.approx(75), 100, True, None, 30),
        (pytest.approx(75), 200, False, None, 31),
    ]


def test_the_thresholds_of_the_tables_are_those_of_the_functions(tmp_path):
    assert (MIN_DENOMINATOR, BASE_NEW_OPENINGS, PERIOD_NIGHTS) == (5, 20, PERIOD)


PERIODS = 3


def links_of(tables, source):
    """Numerator and denominator of each 28-day link of the slice."""
    rows = dict.fromkeys(range(PERIODS + 1), (0, 0))
    for start, *link in tables.execute(
        "select period_start_date, matched_openings, matched_openings_before from role_index "
        "where role_id = 'vp_engineering' and source = ? and country_code = 'all' and period_days = ?",
        [source, PERIOD],
    ).fetchall():
        rows[(start - day(1)).days // PERIOD] = tuple(link)
    return rows


# ── flagged, never deleted (method 2.7) ──────────────────────────────────────────────────────────


def test_an_opening_leaves_the_line_without_ghosts_on_day_180(tmp_path):
    fresh = Ad("fresh", location="Osaka")
    nights = [[Ad("old")] if night < 175 else [Ad("old"), fresh] for night in range(183)]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert tables.execute(
        "select active_openings, unflagged_openings from role_demand_daily "
        "where role_id = 'all' and source = 'all' and country_code = 'all' and day >= ? order by day",
        [day(175)],
    ).fetchall() == [(1, 1), *[(2, 2)] * 5, *[(2, 1)] * 3]
    assert tables.execute("select posting_id from openings where is_stale").fetchall() == [("old",)]


@pytest.mark.parametrize(
    ("title", "is_evergreen"),
    [
        ("Talent Pool - Engineering", True),
        ("General Application", True),
        ("オープンポジション(エンジニア)", True),
        ("Join our talent community", True),
        ("VP of Talent", False),
        ("Open Source Engineer", False),
        ("Application Engineer", False),
    ],
)
def test_a_pool_of_candidates_is_flagged(tmp_path, title, is_evergreen):
    tables = build_tables(tmp_path, [Board("x", [(Ad("1", title=title),)])])
    assert tables.execute(
        "select is_evergreen, is_active, is_counted from openings"
    ).fetchall() == [(is_evergreen, True, True)]
    assert tables.execute(
        "select max(active_openings), max(unflagged_openings) from role_demand_daily"
    ).fetchall() == [(1, int(not is_evergreen))]


@pytest.mark.parametrize(("reposts", "is_flagged"), [(2, False), (3, True)])
def test_three_reposts_within_a_year_are_flagged(tmp_path, reposts, is_flagged):
    nights = [(), *[(Ad(f"{n}"),) if half else () for n in range(reposts + 1) for half in (1, 0)]]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert tables.execute("select reposts, is_often_reposted from openings").fetchall() == [
        (reposts, is_flagged)
    ]


@pytest.mark.parametrize(
    ("age", "entry_days"), [(40, 40), (0, 0), (365, 365), (366, None), (-1, None), (None, None)]
)
def test_what_a_board_came_with_enters_at_the_age_its_source_says(tmp_path, age, entry_days):
    posted = None if age is None else day(1) - timedelta(age)
    nights = [(Ad("1", posted_date=posted),)] * 3 + [()]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert tables.execute("select entry_days from openings").fetchall() == [(entry_days,)]
    asked = "select entry_days, age_days, is_closed, width_days from days_open('vp_engineering')"
    assert tables.execute(asked).fetchall() == (
        [] if entry_days is None else [(entry_days, entry_days + 2.5, True, 1)]
    )

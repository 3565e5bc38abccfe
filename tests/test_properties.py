"""
The properties P1 to P4 and P6 of the method (2.9), on random histories. All are invented.

A store holds many boards, so that one build tests many histories: each is a source of its own.
`make test` tries 100 histories of each property, `make test-slow` 1,000. P5 is in
test_statistics.py, P7 in test_simulation.py.
"""

import random
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.stores import (
    TAXONOMY,
    Ad,
    Board,
    build_tables,
    daily,
    day,
    listing,
    make_store,
    night_of,
)
from tests.test_index import PERIOD, PERIODS, links_of, periods_board
from warehouse.build import build
from warehouse.checks import run_checks
from warehouse.dictionary import load_tables
from warehouse.statistics import chain_index
from warehouse.store import Store
from warehouse.workspace import Workspace

pytestmark = pytest.mark.property
HISTORIES = 50  # in a build


def many_histories(a_build: int = HISTORIES) -> settings:
    """As many builds as the profile's number of histories takes; a failing one is shown as it is."""
    return settings(
        max_examples=max(1, settings().max_examples // a_build),
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take hours
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )


def lists_of(one, count=HISTORIES):
    return st.lists(one, min_size=count, max_size=count)


def everything(tables):
    """All rows of all tables, but for what names the file itself."""
    return {
        name: tables.execute(f"select * from {name} order by all").fetchall()
        for name in load_tables()
    }


# ── P1: a board that enters or leaves adds nothing to the links around it ────────────────────────

MARKETS = 20
series = st.lists(st.sampled_from([None, 5, 6, 9, 12]), min_size=PERIODS, max_size=PERIODS)
one_market = st.tuples(
    st.lists(series, min_size=1, max_size=2),
    st.tuples(st.integers(1, PERIODS - 1), st.integers(1, PERIODS), series),
)


def boards_of(number, panel, extra):
    """The market twice, as two sources: as it is, and with one board more."""
    enters, stays, counts = extra
    leaves = min(enters + stays, PERIODS + 1)
    boards = [
        periods_board(f"{source}-{n}", [8, *one], source=source)
        for source in (f"plain{number}", f"more{number}")
        for n, one in enumerate(panel)
    ]
    return [
        *boards,
        periods_board(
            f"more{number}-extra",
            counts[: leaves - enters],
            start=enters,
            source=f"more{number}",
            retired_date=day(leaves * PERIOD + 1) if leaves <= PERIODS else None,
        ),
    ]


@many_histories(MARKETS)
@given(markets=lists_of(one_market, MARKETS))
def test_p1_a_board_that_enters_or_leaves_adds_nothing_to_the_links_around_it(tmp_path, markets):
    boards = [
        board
        for number, (panel, extra) in enumerate(markets)
        for board in boards_of(number, panel, extra)
    ]
    with build_tables(tmp_path, boards) as tables:
        links = {source: links_of(tables, source) for source in {board.source for board in boards}}
    for number, (panel, (enters, stays, _)) in enumerate(markets):
        plain, more = links[f"plain{number}"], links[f"more{number}"]
        untouched = [p for p in range(PERIODS + 1) if p <= enters or p >= enters + stays]
        assert [more[p] for p in untouched] == [plain[p] for p in untouched]
        expected = chain_index({str(n): [8, *one] for n, one in enumerate(panel)})
        if expected.periods_joined == 1:
            found = [plain[p] for p in range(1, PERIODS + 1)]
            assert found == [(link.numerator, link.denominator) for link in expected.links]


# ── P2: nights that are missing create nothing inside the gap ────────────────────────────────────

spells = st.dictionaries(
    st.sampled_from([f"p{n}" for n in range(5)]),
    st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted),
    min_size=1,
)


def by_day(tables, source):
    """Active, new and closed openings of all roles, by day."""
    columns = ("day", "active_openings", "new_openings", "closed_openings")
    values = (daily(tables, column, role="all", source=source) for column in columns)
    return {when: tuple(counts) for when, *counts in zip(*values, strict=True)}


@many_histories()
@given(histories=lists_of(st.tuples(spells, st.sets(st.integers(2, 11)))))
def test_p2_missing_nights_create_nothing_inside_the_gap(tmp_path, histories):
    """Postings without flaps, nights 2 to 11 of 16 deleted at will: same stock outside the gap."""
    boards = []
    for number, (when, gap) in enumerate(histories):
        seen = {name: range(start, end + 1) for name, (start, end) in when.items()}
        boards += [
            Board(f"whole{number}", listing(seen, 16), source=f"whole{number}"),
            Board(f"gap{number}", listing(seen, 16, failed=gap), source=f"gap{number}"),
        ]
    with build_tables(tmp_path, boards) as tables:
        days = {board.source: by_day(tables, board.source) for board in boards}
    for number, (_, gap) in enumerate(histories):
        dates = [day(night) for night in gap]
        whole, gapped = days[f"whole{number}"], days[f"gap{number}"]
        for when in whole.keys() - set(dates):
            assert gapped.get(when, (0,))[0] == whole[when][0]
        assert all(gapped[when][1:] == (0, 0) for when in dates if when in gapped)


# ── any history means what a second reading of the method says; P6 and all checks hold ───────────


def reference(nights, closes_after):
    """
    What a board's nights mean, worked out one posting and one night at a time (method 2.2).

    `nights` holds (status, postings seen). Returns (stock, new, closed, reopened) by night; the
    first night is ok. Independent of the SQL: no runs, no joins, no windows.
    """
    stock, new, closed, reopened = ([0] * len(nights) for _ in range(4))
    for name in set().union(*(seen for _, seen in nights)):
        is_open, was_open, absences = False, False, []
        for number, (status, seen) in enumerate(nights):
            if status != "failed" and name in seen:
                absences = []
                if not is_open:
                    is_open = True
                    new[number] += number > 0 and not was_open
                    reopened[number] += was_open
                    was_open = True
            elif status == "ok" and is_open:
                absences.append(number)
                if len(absences) == closes_after:
                    is_open = False
                    closed[absences[0]] += 1
                    for late in range(absences[0], number):
                        stock[late] -= 1
                    absences = []
            stock[number] += is_open
    return stock, new, closed, reopened


nightly = st.tuples(
    st.sampled_from(["ok", "ok", "ok", "partial", "failed"]), st.sets(st.sampled_from("abcd"))
)
history = st.tuples(
    st.sets(st.sampled_from("abcd"), min_size=1),
    st.lists(nightly, min_size=11, max_size=11),
    st.integers(1, 3),
)


def board_of(number, one):
    first, later, closes_after = one
    return Board(
        f"x{number}",
        [
            places(first),
            *("timeout" if status == "failed" else places(seen) for status, seen in later),
        ],
        source=f"x{number}",
        closes_after=closes_after,
        statuses={
            night: status for night, (status, _) in enumerate(later, 2) if status == "partial"
        },
    )


def places(names):
    """Postings that are different demand: one a place."""
    return tuple(Ad(name, location=name) for name in sorted(names))


@many_histories()
@given(histories=lists_of(history))
def test_p6_any_history_means_what_the_reference_says(tmp_path, histories):
    workspace = Workspace(tmp_path)
    workspace.store.unlink(missing_ok=True)
    boards = [board_of(number, one) for number, one in enumerate(histories)]
    make_store(workspace.store, boards)
    path = build(workspace, taxonomy=TAXONOMY).path
    columns = ("active_openings", "new_openings", "closed_openings", "reopened_openings")
    with duckdb.connect(str(path), read_only=True) as tables:
        found = [
            tuple(daily(tables, column, source=board.source) for column in columns)
            for board in boards
        ]
    assert found == [
        reference([("ok", first), *later], closes_after) for first, later, closes_after in histories
    ]
    failed = {one.check.name for one in run_checks(path) if not one.is_passed}
    assert failed <= {"newest_night_was_seen"}  # stock ≥ employers ≥ 0, the ledger, and the rest


# ── P3: order, repetition and a night in two halves change nothing ───────────────────────────────


@many_histories()
@given(histories=lists_of(history), seed=st.integers(0, 1_000))
def test_p3_order_and_repetition_change_nothing(tmp_path, histories, seed):
    """The boards in another order, their postings too; half of the last night is written again."""
    boards = [board_of(number, one) for number, one in enumerate(histories)]
    shuffled = [
        replace(board, nights=[backwards(night) for night in board.nights])
        for board in random.Random(seed).sample(boards, len(boards))
    ]
    found = []
    for order, is_repeated in ((boards, False), (shuffled, True)):
        workspace = Workspace(tmp_path)
        workspace.store.unlink(missing_ok=True)
        make_store(workspace.store, order)
        if is_repeated:
            repeat_last_night(workspace, order[::2])
        with duckdb.connect(
            str(build(workspace, taxonomy=TAXONOMY).path), read_only=True
        ) as tables:
            found.append(everything(tables))
    assert found[0] == found[1]


def backwards(night):
    return night if isinstance(night, str) else night[::-1]


def repeat_last_night(workspace, boards):
    with Store(workspace.store) as store:
        for board in boards:
            number = len(board.nights)
            store.rewrite_nights([night_of(board, number, day(number), board.nights[-1])])


# ── P4: a table asked as of a day is what was published on it ────────────────────────────────────

PUBLISHED_NIGHTS = (5, 8, 12)


@many_histories()
@given(histories=lists_of(history))
def test_p4_a_table_as_of_a_day_is_what_was_published_on_it(tmp_path, histories):
    workspace = Workspace(tmp_path)
    boards = [board_of(number, one) for number, one in enumerate(histories)]
    workspace.warehouse.unlink(missing_ok=True)
    published: dict[date, dict[str, list]] = {}
    for night in PUBLISHED_NIGHTS:
        workspace.store.unlink(missing_ok=True)
        make_store(workspace.store, boards, until=night)
        build(workspace, taxonomy=TAXONOMY).path.replace(workspace.warehouse)
        with duckdb.connect(str(workspace.warehouse), read_only=True) as tables:
            published[day(night)] = {
                macro: tables.execute(f"select * from {table} order by all").fetchall()
                for macro, table in (
                    ("as_of", "role_demand_monthly"),
                    ("index_as_of", "role_index"),
                )
            }
    with duckdb.connect(str(workspace.warehouse), read_only=True) as tables:
        for when, then in published.items():
            for macro, rows in then.items():
                asked = f"select * from {macro}(?) order by all"
                assert tables.execute(asked, [when]).fetchall() == rows

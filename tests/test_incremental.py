"""
A build that goes on from the published file makes the tables that a whole build makes.

All is invented. `make test-slow` tries more of the random markets.
"""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import duckdb
import pytest

import warehouse.incremental
from tests.stores import TAXONOMY, Ad, Board, day, make_store, night_of, write_extractions
from warehouse.build import build
from warehouse.dictionary import load_tables
from warehouse.purge import purge
from warehouse.store import Store
from warehouse.workspace import Workspace

NIGHTS = 60
FIRST_BUILD = 14


def everything(path):
    with duckdb.connect(str(path), read_only=True) as tables:
        return {
            name: tables.execute(f"select * from {name} order by all").fetchall()
            for name in load_tables()
        }


def assert_same(found, expected):
    for name, rows in expected.items():
        missing = [row for row in rows if row not in found[name]][:3]
        extra = [row for row in found[name] if row not in rows][:3]
        assert found[name] == rows, (name, missing, extra)


def ad_of(pick):
    return Ad(
        posting_id=pick("abcd"),
        title=pick(["VP of Engineering", "VP, of Engineering", "CTO", "Accountant", "Talent Pool"]),
        location=pick(["Tokyo", "Osaka"]),
        requisition_id=pick([None, None, "r1"]),
        text=pick(["", "one", "two"]),
        fingerprint=pick([None, "00000000000000ff", "ffffffffffffffff"]),
        country_code=pick(["JP", "US", None]),
        skills=pick([(), ("python",), ("python", "kubernetes")]),
        responsibilities=pick([(), ("hires",)]),
        posted_date=pick([None, day(-3), day(2)]),
        valid_through_date=pick([None, None, day(40)]),
        salary=pick([None, (100.0, 200.0, "USD", "year")]),
    )


def listing_of(pick):
    ads = [ad_of(pick) for _ in range(pick(range(4)))]
    return tuple({ad.posting_id: ad for ad in ads}.values())


def nights_of(pick):
    """Mostly what was listed the night before; now and then a change, an outage or no crawl."""
    nights, listed, outage = [], listing_of(pick), "back"
    for _ in range(NIGHTS):
        if pick(range(12)) == 0:
            outage = pick(["back", "back", "timeout", "http_404", None])
            listed = listing_of(pick)
        nights.append(listed if outage == "back" else outage)
    return nights


def board_of(number, pick):
    kind = pick(["stock"] * 6 + ["flow", "aggregator"])
    start = pick([0, 0, 0, 5, 40])
    is_flow = kind == "flow"
    return Board(
        f"2026-0{1 + number % 3}" if is_flow else f"b{number}",
        nights_of(pick)[start:],
        start=start,
        source=f"flow{number // 3}" if is_flow else f"s{number % 3}",
        employer=None if is_flow else pick(["One Inc.", "Two K.K.", "Three", "Four", None]),
        closes_after=pick([1, 2, 3]),
        kind=kind,
        discovery_reason=pick(["list", "list", "role_hit"]),
        statuses={pick(range(2, NIGHTS)): pick(["partial", "suspect"]) for _ in range(3)},
        retired_date=pick([None, None, None, day(50)]),
    )


def read_again(store, boards, number):
    """A newer extractor says something else of a third of the texts."""
    ads = {
        ad.content.content_hash: replace(ad, country_code="GB", skills=("kubernetes",), title="CTO")
        for board in boards
        for night in board.nights
        if isinstance(night, tuple)
        for ad in night
    }
    known = sorted(ads.keys() & {row["content_hash"] for row in store.contents()})
    write_extractions(store, {key: ads[key] for key in known[number % 3 :: 3]}, f"of {number}")


def describe_anew(store, board):
    at = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    anew = replace(board.stored, employer="Five", country_code="FR")
    store.start_crawl(store.newest_crawl_date(), [anew], at)


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 40))]
)
def test_a_build_that_goes_on_makes_what_a_whole_build_makes(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(warehouse.incremental, "MOST_CHANGED", 2)
    pick = Random(seed).choice
    boards = [board_of(number, pick) for number in range(16)]
    workspace, whole = Workspace(tmp_path / "going_on"), Workspace(tmp_path / "whole")
    workspace.create()
    whole.create()
    until, went_on = 0, 0
    while until < NIGHTS:
        since, until = until + 1, until + pick([1, 1, 2, 3, 9]) if until else FIRST_BUILD
        make_store(workspace.store, boards, since=since, until=until)
        with Store(workspace.store) as store:
            if pick(range(6)) == 0:
                read_again(store, boards, until)
            if pick(range(6)) == 0:
                describe_anew(store, pick(boards))
        report = build(workspace, taxonomy=TAXONOMY)
        report.path.replace(workspace.warehouse)
        shutil.copyfile(workspace.store, whole.store)
        build(whole, taxonomy=TAXONOMY, whole=True).path.replace(whole.warehouse)
        found = everything(workspace.warehouse)
        assert_same(found, everything(whole.warehouse))
        went_on += (report.changed_postings or len(found["postings"])) < len(found["postings"])
    assert went_on > 2


# ── what makes a build start anew ────────────────────────────────────────────────────────────────

BOARDS = [
    Board("a", [tuple(Ad(f"a{n}", location=f"{n}") for n in range(20)), *[()] * 40]),
    Board("b", [*[tuple(Ad(f"b{n}", location=f"{n}") for n in range(30))] * 39, "timeout"]),
]


@pytest.fixture
def published(tmp_path):
    """Two boards' first two nights, published: the postings of the first have just closed."""
    workspace = Workspace(tmp_path)
    make_store(workspace.store, BOARDS, until=2)
    report = build(workspace, taxonomy=TAXONOMY)
    assert report.whole_reason == "nothing is published yet"
    report.path.replace(workspace.warehouse)
    return workspace


def why(workspace, **options):
    return build(workspace, **{"taxonomy": TAXONOMY, **options}).whole_reason


def test_a_night_without_changes_builds_nothing_anew(published):
    make_store(published.store, BOARDS, since=3, until=3)
    report = build(published, taxonomy=TAXONOMY)
    assert (report.changed_postings, report.whole_reason) == (0, None)
    with duckdb.connect(str(report.path), read_only=True) as tables:
        rows = tables.execute(
            "select is_active, last_seen_date, count(*) from postings group by all order by all"
        )
        assert rows.fetchall() == [(False, day(1), 20), (True, day(3), 30)]


def test_an_end_that_passes_closes_what_was_absent_when_its_board_was_lost(tmp_path):
    """Neither was the posting listed since, nor has its board been seen: only the days went by."""
    workspace = Workspace(tmp_path)
    ad = Ad("p", valid_through_date=day(20))
    boards = [Board("lost", [(ad,), (), *["timeout"] * 23], closes_after=3), BOARDS[1]]
    closed = "select closed_date, panel_exit_date from postings where board = 'lost'"
    for since, until, expected in ((1, 19, (None, day(17))), (20, 25, (day(2), None))):
        make_store(workspace.store, boards, since=since, until=until)
        report = build(workspace, taxonomy=TAXONOMY)
        report.path.replace(workspace.warehouse)
        with duckdb.connect(str(workspace.warehouse), read_only=True) as tables:
            assert tables.execute(closed).fetchall() == [expected]
    assert report.whole_reason is None
    found = everything(workspace.warehouse)
    assert_same(found, everything(build(workspace, taxonomy=TAXONOMY, whole=True).path))


def test_the_same_store_again_changes_nothing(published):
    before = everything(published.warehouse)
    assert everything(build(published, taxonomy=TAXONOMY).path) == before


def test_it_is_asked_for(published):
    assert why(published, whole=True) == "it was asked for"


def test_another_file_was_put_in_its_place(published):
    shutil.copyfile(published.warehouse, published.root / "copy")
    (published.root / "copy").replace(published.warehouse)
    assert why(published) == "the published file has no sums beside it"


def test_the_taxonomy_is_another(published):
    groups = TAXONOMY["taxonomy_role_groups"][1:]
    reason = why(published, taxonomy={**TAXONOMY, "taxonomy_role_groups": groups})
    assert reason == "the rules, the taxonomy or DuckDB are others than they were"


def test_the_past_was_rewritten(published):
    with Store(published.store) as store:
        store.rewrite_nights([night_of(BOARDS[0], 2, day(2), ())])
    assert why(published) == "the store's past was rewritten"


def test_texts_were_purged(published):
    with Store(published.store) as store:
        purge(store, [("greenhouse", "a")], [], day(2))
    assert why(published) == "the store's past was rewritten"


def test_what_an_extractor_version_said_was_dropped(published):
    with Store(published.store) as store:
        store.forget_results("2")  # it said nothing
    assert why(published) is None
    with Store(published.store) as store:
        store.forget_results("1")
    assert why(published) == "the store's past was rewritten"


def test_the_store_is_another(published):
    published.store.unlink()
    make_store(published.store, BOARDS, until=2)
    assert why(published) == "the store's past was rewritten"


def test_rows_are_missing(published):
    with duckdb.connect(str(published.store)) as store:
        store.execute("delete from raw.snapshots where crawl_date = ?", [day(1)])
    assert why(published) == "the store is another than it was"


def test_many_postings_changed(published):
    more = replace(
        BOARDS[0], nights=[(), (), tuple(Ad(f"c{n}", location=f"c{n}") for n in range(11))]
    )
    make_store(published.store, [more, BOARDS[1]], since=3, until=3)
    assert why(published) == "31 postings changed"  # with the 20 of the same employer and title


def test_a_period_of_the_index_ended(published):
    make_store(published.store, BOARDS, since=3, until=28)
    assert why(published) == "a period of the index has ended, or its boards are others"


def test_a_night_before_the_first_came_late(published):
    make_store(published.store, BOARDS[:1], until=1, first=day(0))
    assert why(published) == "the first night is another"


def test_only_sums_that_can_be_gone_on_from_are_kept(published):
    new = build(published, taxonomy=TAXONOMY).path
    kept = {published.sums_of(published.warehouse), published.sums_of(new)}
    assert set((published.root / "sums").iterdir()) == kept
    new.replace(published.warehouse)
    build(published, taxonomy=TAXONOMY)
    assert published.sums_of(published.warehouse).exists()
    assert len(list((published.root / "sums").iterdir())) == 2


def test_a_store_of_an_older_version_is_gone_on_from_once_it_was_built(published):
    with duckdb.connect(str(published.store)) as store:
        store.execute("drop table raw.rewrites; update store_version set version = 4")
    assert why(published) == "the store's past was rewritten"

"""Hand-made nights in, exact rows out: the faults of the method that the tables must withstand."""

from datetime import date, timedelta

import duckdb
import pytest

from tests.stores import (
    TAXONOMY,
    Ad,
    Board,
    ads,
    build_tables,
    daily,
    day,
    make_store,
    write_extractions,
)
from warehouse.build import build
from warehouse.dictionary import load_macros, load_tables, to_markdown
from warehouse.errors import NotPublishedError, WarehouseError
from warehouse.store import Store
from warehouse.workspace import Workspace

ONE = ads("1")
NOTHING = ()


def places(*names):
    """Postings that are different demand: one a place."""
    return tuple(Ad(name, location=name) for name in names)


def postings(tables, columns):
    return tables.execute(f"select {columns} from postings order by board, posting_id").fetchall()


def statuses(tables):
    return tables.execute(
        "select ok_boards, partial_boards, suspect_boards, failed_boards, gone_boards "
        "from crawl_nights order by crawl_date"
    ).fetchall()


# ── states of a night (method 2.1) ───────────────────────────────────────────────────────────────


def test_fault_73_a_partial_night_closes_nothing_and_shows_what_it_saw(tmp_path):
    nights = [places("a", "b"), places("a", "c"), places("a", "c")]
    tables = build_tables(tmp_path, [Board("x", nights, statuses={2: "partial"})])
    assert daily(tables) == [2, 3, 2]  # b is absent on the first ok night after
    assert postings(tables, "posting_id, closed_date") == [("a", None), ("b", day(3)), ("c", None)]
    assert daily(tables, "new_openings") == [0, 1, 0]


def test_fault_71_a_sudden_zero_is_held_until_the_next_night_agrees(tmp_path):
    nights = [places("a", "b", "c"), NOTHING, NOTHING]
    held = build_tables(tmp_path, [Board("x", nights, statuses={2: "suspect"})], until=2)
    assert daily(held) == [3, 3]
    assert statuses(held)[1] == (0, 0, 1, 0, 0)
    confirmed = build_tables(tmp_path, [Board("x", nights, statuses={2: "suspect", 3: "suspect"})])
    assert daily(confirmed) == [3, 0, 0]  # back-dated
    assert statuses(confirmed)[1:] == [(1, 0, 0, 0, 0), (1, 0, 0, 0, 0)]


def test_fault_71_a_zero_that_passes_changes_nothing(tmp_path):
    nights = [places("a", "b", "c"), NOTHING, places("a", "b", "c")]
    tables = build_tables(tmp_path, [Board("x", nights, statuses={2: "suspect"})])
    assert daily(tables) == [3, 3, 3]
    assert daily(tables, "closed_openings") == [0, 0, 0]


def test_fault_75_a_mass_closure_is_back_dated_once_confirmed(tmp_path):
    before, after = places(*"abcdefgh"), places(*"ab")
    nights = [before, after, after]
    tables = build_tables(tmp_path, [Board("x", nights, statuses={2: "suspect"})])
    assert daily(tables) == [8, 2, 2]
    assert daily(tables, "closed_openings") == [0, 6, 0]


@pytest.mark.parametrize(
    ("night_3", "stock"),
    [
        (12, [20, 10, 12]),  # within 20 % of 10: confirmed
        (13, [20, 20, 13]),  # not: held
    ],
)
def test_a_suspect_night_is_confirmed_within_a_fifth(tmp_path, night_3, stock):
    names = [f"p{n}" for n in range(20)]
    nights = [places(*names), places(*names[:10]), places(*names[:night_3])]
    tables = build_tables(tmp_path, [Board("x", nights, statuses={2: "suspect"})])
    reopened = daily(tables, "reopened_openings")[-1]
    assert daily(tables) == stock
    assert reopened == (2 if stock[1] == 10 else 0)


def gone_board(failures):
    return Board("gone", [ONE, ONE, *failures])


@pytest.mark.parametrize(
    ("failures", "is_gone"),
    [
        (["http_404"] * 8, True),  # spans 7 days
        (["http_404"] * 7, False),
        (["http_404", *["timeout"] * 6, "http_410"], False),  # two nights only
        (["dns_nxdomain", "timeout", "http_404", *["timeout"] * 5, "http_410"], True),
        (["http_5xx"] * 8, False),
        (["dns"] * 8, False),  # SERVFAIL says nothing
    ],
)
def test_fault_70_a_board_is_gone_after_three_nights_over_seven_days(tmp_path, failures, is_gone):
    stays = Board("stays", [places("s")] * (2 + len(failures)))
    tables = build_tables(tmp_path, [gone_board(failures), stays])
    assert daily(tables)[-1] == (1 if is_gone else 2)
    assert daily(tables, "closed_openings")[-1] == 0
    closed = "select closed_date, panel_exit_date from postings where board = 'gone'"
    assert tables.execute(closed).fetchall() == [(None, day(3) if is_gone else None)]
    assert sum(daily(tables, "panel_exit_openings")) == is_gone


@pytest.mark.parametrize(("missed", "carried"), [(14, True), (15, False)])
def test_a_state_is_carried_for_fourteen_nights(tmp_path, missed, carried):
    failing = Board("failing", [ONE, *["timeout"] * missed, ONE])
    stays = Board("stays", [places("s")] * (missed + 2))
    tables = build_tables(tmp_path, [failing, stays])
    assert daily(tables)[-2:] == [2 if carried else 1, 2]
    assert daily(tables, "panel_entry_openings")[-1] == (0 if carried else 1)
    assert sum(daily(tables, "new_openings")) == 0
    assert sum(daily(tables, "closed_openings")) == 0


def test_fault_84_nights_without_a_crawl_are_marked_and_nothing_happens_in_them(tmp_path):
    nights = [places("a", "b"), None, None, None, places("a", "c")]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert daily(tables) == [2, 2, 2, 2, 2]
    assert daily(tables, "imputed_share") == [0, 1, 1, 1, 0]
    assert daily(tables, "closed_openings") == [0, 0, 0, 0, 1]
    assert tables.execute("select is_crawled from crawl_nights order by crawl_date").fetchall() == [
        (True,),
        (False,),
        (False,),
        (False,),
        (True,),
    ]


def test_fault_87_a_dead_network_closes_nothing(tmp_path):
    boards = [Board(name, [places(name), "timeout"]) for name in "abc"]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [3, 3]
    assert daily(tables, "closed_openings") == [0, 0]
    assert statuses(tables)[1] == (0, 0, 0, 3, 0)


# ── identity and lifecycle ───────────────────────────────────────────────────────────────────────


def test_fault_62_the_same_id_on_two_boards_is_two_postings(tmp_path):
    tables = build_tables(tmp_path, [Board("x", [ONE]), Board("y", [ONE])])
    assert daily(tables) == [2]
    assert tables.execute("select count(distinct opening_id) from postings").fetchall() == [(2,)]


def test_fault_63_the_same_ad_on_two_boards_of_an_employer_is_one_opening(tmp_path):
    boards = [
        Board("x", [ads("1")] * 2, employer="Acme Inc."),
        Board("y", [ads("77")] * 2, source="lever", employer="ACME, Inc"),
    ]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [1, 1]
    assert daily(tables, "active_postings") == [2, 2]
    assert daily(tables, "employers_hiring") == [1, 1]
    assert tables.execute("select postings, boards from openings").fetchall() == [(2, 2)]


@pytest.mark.parametrize(
    ("requisitions", "openings"), [(("R1", "R2"), 2), (("R1", "R1"), 1), ((None, None), 2)]
)
def test_twins_of_one_night_stay_apart_unless_they_share_a_requisition(
    tmp_path, requisitions, openings
):
    twins = tuple(
        Ad(str(number), requisition_id=requisition)
        for number, requisition in enumerate(requisitions)
    )
    assert daily(build_tables(tmp_path, [Board("x", [twins])])) == [openings]


def test_twins_on_two_boards_are_matched_one_to_one(tmp_path):
    boards = [
        Board("x", [ads("1", "2")], employer="Acme"),
        Board("y", [ads("8", "9", "10")], source="lever", employer="Acme"),
    ]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [3]
    assert daily(tables, "active_postings") == [5]


SAME, NEAR, FAR = "00000000000000ff", "00000000000000f0", "ffffffffffffff00"


@pytest.mark.parametrize(
    ("second", "openings"),
    [
        (Ad("2", fingerprint=SAME), 1),
        (Ad("2", fingerprint=NEAR), 1),  # 4 of 64 bits differ
        (Ad("2", fingerprint=FAR), 2),
        (Ad("2"), 1),  # unknown: title, place and employer suffice
        (Ad("2", location="Osaka"), 2),
        (Ad("2", title="CTO"), 2),
        (Ad("2", title="VP of  engineering"), 1),
    ],
)
def test_fault_68_a_repost_is_the_same_demand_with_a_like_text(tmp_path, second, openings):
    first = Ad("1", fingerprint=SAME)
    nights = [(), *[(first,)] * 2, *[()] * 8, *[(second,)] * 2]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert tables.execute("select count(*) from openings").fetchall() == [(openings,)]
    assert sum(daily(tables, "new_openings", role="all")) == openings
    assert sum(daily(tables, "reopened_openings", role="all")) == 2 - openings


@pytest.mark.parametrize(("gap", "openings"), [(8, 1), (30, 1), (31, 2), (71, 2)])
def test_fault_68_back_within_thirty_days_of_closing(tmp_path, gap, openings):
    nights = [(), ONE, *[()] * gap, ONE, ()]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert tables.execute("select count(*) from openings").fetchall() == [(openings,)]
    assert tables.execute("select spells from postings").fetchall() == [(2,)]


def test_fault_64_an_id_that_comes_back_as_another_posting_is_new(tmp_path):
    old = Ad("1", text="old", fingerprint=SAME)
    other = Ad("1", text="other", fingerprint=FAR)
    tables = build_tables(tmp_path, [Board("x", [(), (old,), (), (other,)])])
    assert sum(daily(tables, "new_openings")) == 2
    near = Ad("1", text="near", fingerprint=NEAR)
    tables = build_tables(tmp_path, [Board("x", [(), (old,), (), (near,)])])
    assert sum(daily(tables, "new_openings")) == 1


def test_fault_65_an_edit_in_place_moves_the_label(tmp_path):
    before, after = Ad("1", title="VP of Product"), Ad("1")
    tables = build_tables(tmp_path, [Board("x", [(before,), (before,), (after,), (after,)])])
    assert daily(tables, role="vp_product") == [1, 1, 0, 0]
    assert daily(tables) == [1, 1]  # from the third night on
    assert daily(tables, "relabelled_openings") == [1, 0]
    assert daily(tables, "relabelled_openings", role="vp_product") == [0, 0, -1, 0]
    for role in ("vp_engineering", "vp_product", "all"):
        assert sum(daily(tables, "new_openings", role=role)) == 0
        assert sum(daily(tables, "closed_openings", role=role)) == 0
    assert tables.execute(
        "select role_id, label_from_date, label_until_date from posting_roles "
        "where role_id in ('vp_engineering', 'vp_product') order by 1"
    ).fetchall() == [("vp_engineering", day(3), None), ("vp_product", day(1), day(3))]


def test_fault_66_all_ids_change_over_night(tmp_path):
    old = [Ad(f"old{n}", location=str(n // 2), fingerprint=SAME) for n in range(6)]
    new = [Ad(f"new{n}", location=str(n // 2), fingerprint=SAME) for n in range(6)]
    tables = build_tables(tmp_path, [Board("x", [old, old, new, new])])
    assert daily(tables) == [6, 6, 6, 6]
    assert sum(daily(tables, "new_openings")) == 0
    assert sum(daily(tables, "closed_openings")) == 0


def test_fault_67_a_refreshed_posted_date_is_nothing_new(tmp_path):
    nights = [ads("1", posted_date=day(night)) for night in range(1, 5)]
    tables = build_tables(tmp_path, [Board("x", nights)])
    assert postings(tables, "first_seen_date, posted_date, posted_lag_days") == [
        (day(1), day(4), -3)
    ]
    assert sum(daily(tables, "new_openings")) == 0


@pytest.mark.parametrize(
    ("nights", "is_active", "flag", "closed"),
    [
        (4, True, True, None),  # still listed after its end: stays open, flagged
        (2, False, False, day(3)),  # past and no longer listed: closes at once, k or no k
    ],
)
def test_fault_59_valid_through_alone_never_closes(tmp_path, nights, is_active, flag, closed):
    ad = ads("1", valid_through_date=day(2))
    board = Board("x", [*[ad] * nights, *[()] * (4 - nights)], closes_after=3)
    assert postings(
        build_tables(tmp_path, [board]), "is_active, is_past_valid_through, closed_date"
    ) == [(is_active, flag, closed)]


def test_without_a_date_past_it_takes_k_nights_to_close(tmp_path):
    board = Board("x", [ONE, ONE, (), ()], closes_after=3)
    assert postings(build_tables(tmp_path, [board]), "is_active, is_provisional, closed_date") == [
        (True, True, None)
    ]


def test_what_a_board_was_found_by_never_counts(tmp_path):
    found = Board(
        "found", [places("trigger"), places("trigger", "later")], discovery_reason="role_hit"
    )
    tables = build_tables(tmp_path, [found, Board("x", [ONE, ONE])])
    assert daily(tables) == [1, 2]
    assert daily(tables, "new_openings") == [0, 1]
    assert tables.execute(
        "select posting_id, is_counted from openings where board = 'found' order by 1"
    ).fetchall() == [("later", True), ("trigger", False)]


def test_g12_role_hit_boards_leave_the_stock_flat(tmp_path):
    panel = Board("panel", [places(*"abcdefghij")] * 6)
    hits = [
        Board(
            f"hit{n}",
            [ONE] * open_nights + [()] * (4 - open_nights),
            start=2,
            discovery_reason="role_hit",
        )
        for n, open_nights in enumerate((4, 3, 2, 2, 2))
    ]
    assert daily(build_tables(tmp_path, [panel, *hits])) == [10] * 6


def test_a_retired_board_leaves_the_panel_without_closing(tmp_path):
    boards = [Board("x", [ONE] * 2, retired_date=day(3)), Board("y", [places("s")] * 3)]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [2, 2, 1]
    assert daily(tables, "panel_exit_openings") == [0, 0, 1]
    assert tables.execute(
        "select panel_exit_date, panel_exit_reason from boards where board = 'x'"
    ).fetchall() == [(day(3), "retired")]


# ── roles, slices, flow ──────────────────────────────────────────────────────────────────────────


def test_a_group_counts_an_opening_once(tmp_path):
    tables = build_tables(tmp_path, [Board("x", [(Ad("1"), Ad("2", title="CTO"))])])
    assert daily(tables, role="vpoe_strict") == [1]
    assert daily(tables, role="vpoe_broad") == [2]
    assert daily(tables, "share_per_10000", role="vpoe_strict") == [5000]


def test_slices_by_source_and_country(tmp_path):
    boards = [
        Board("x", [(Ad("1", country_code="JP"), Ad("2", country_code=None, location="?"))]),
        Board("y", [(Ad("1", country_code="US"),)], source="lever"),
        Board("z", [(Ad("1", country_code=None),)], source="lever", country_code="JP"),
    ]
    tables = build_tables(tmp_path, boards)
    assert tables.execute(
        "select source, country_code, active_openings from role_demand_daily "
        "where role_id = 'vp_engineering' order by all"
    ).fetchall() == [
        ("all", "JP", 2),
        ("all", "US", 1),
        ("all", "all", 4),
        ("all", "unknown", 1),
        ("greenhouse", "JP", 1),
        ("greenhouse", "all", 2),
        ("greenhouse", "unknown", 1),
        ("lever", "JP", 1),
        ("lever", "US", 1),
        ("lever", "all", 2),
    ]


def thread(month, *posts):
    return Board(month, [posts], source="hackernews", kind="flow", employer=None)


def test_a_thread_is_a_flow(tmp_path):
    none = ()
    boards = [
        thread(
            "2025-11",
            Ad("1", employer="Foo Inc."),
            Ad("2", employer="Bar", hires_for=none),
            Ad("3", title="CTO", employer="Foo"),
        ),
        thread(
            "2025-12",
            Ad("4", employer="Foo"),
            Ad("5", employer="Baz", hires_for=("cto", "vp_engineering")),
        ),
        thread("2026-01", Ad("6", employer="Quux", hires_for=none), Ad("7"), Ad("8", text="other")),
    ]
    tables = build_tables(tmp_path, boards)
    assert tables.execute(
        "select month, new_postings, new_openings, employers_hiring, all_new_postings, "
        "share_per_10000, active_openings from role_demand_monthly "
        "where kind = 'flow' and role_id = 'vp_engineering' and country_code = 'all' order by month"
    ).fetchall() == [
        (date(2025, 11, 1), 1, 1, 1, 3, pytest.approx(3333.333, abs=1e-3), None),
        (date(2025, 12, 1), 2, 1, 2, 2, 10000, None),
        (date(2026, 1, 1), 2, 2, 2, 3, pytest.approx(6666.667, abs=1e-3), None),
    ]
    assert tables.execute("select count(*) from role_demand_daily").fetchall() == [(0,)]
    assert tables.execute("select count(*) from openings").fetchall() == [(0,)]


def test_the_registry_row_of_a_flow_is_no_thread(tmp_path):
    registry = Board("whoishiring", ["http_5xx"], source="hackernews", kind="flow", employer=None)
    tables = build_tables(tmp_path, [registry, thread("2026-01", Ad("1", employer="Foo"))])
    assert statuses(tables) == [(1, 0, 0, 1, 0)]
    assert tables.execute("select flow_boards from about").fetchall() == [(1,)]
    assert tables.execute(
        "select month, boards_observed from role_demand_monthly where role_id = 'all' and country_code = 'all'"
    ).fetchall() == [(date(2026, 1, 1), 1)]


def test_stock_and_flow_are_never_added_up(tmp_path):
    boards = [Board("x", [ONE]), thread("2026-01", Ad("9", employer="x"))]
    tables = build_tables(tmp_path, boards)
    assert tables.execute(
        "select kind, source, new_postings, active_openings from role_demand_monthly "
        "where role_id = 'vp_engineering' and country_code = 'all' order by all"
    ).fetchall() == [
        ("flow", "hackernews", 1, None),
        ("stock", "all", 0, 1),
        ("stock", "greenhouse", 0, 1),
    ]


def test_skills_of_roles_and_months(tmp_path):
    vpoe = [Ad(f"v{n}", location=str(n), skills=("python",)) for n in range(2)]
    other = [Ad(f"o{n}", title="Accountant", location=str(n)) for n in range(6)]
    tables = build_tables(tmp_path, [Board("x", [(), (*vpoe, *other)])])
    assert tables.execute(
        "select postings, role_postings, skill_share, lift from role_skills "
        "where role_id = 'vp_engineering' and skill_id = 'python'"
    ).fetchall() == [(2, 2, 1.0, 4.0)]
    assert tables.execute(
        "select month, new_postings, employers_hiring, role_new_postings, skill_share "
        "from skill_demand_monthly where role_id = 'all' and skill_id = 'python'"
    ).fetchall() == [(date(2026, 1, 1), 2, 1, 8, 0.25)]


def test_the_newest_extraction_labels_everything(tmp_path):
    workspace = Workspace(tmp_path)
    ad = Ad("1", title="Head of Engineering")
    make_store(workspace.store, [Board("x", [(ad,)] * 2)])
    with Store(workspace.store) as store:
        write_extractions(
            store, {ad.content.content_hash: Ad("1", title="VP of Engineering")}, version="0-newer"
        )
    with duckdb.connect(str(build(workspace, taxonomy=TAXONOMY).path), read_only=True) as tables:
        assert daily(tables) == [1, 1]
        assert tables.execute("select extractor_versions from about").fetchall() == [("0-newer",)]


# ── the build itself ─────────────────────────────────────────────────────────────────────────────


def test_build_without_a_store_or_a_night_names_the_remedy(tmp_path):
    workspace = Workspace(tmp_path)
    with pytest.raises(NotPublishedError, match="vpoe crawl"):
        build(workspace, taxonomy=TAXONOMY)
    Store(workspace.store).close()
    with pytest.raises(NotPublishedError, match="holds no night"):
        build(workspace, taxonomy=TAXONOMY)


def test_every_table_and_column_is_described_in_the_file(tmp_path):
    tables = build_tables(tmp_path, [Board("x", [ONE])])
    assert (
        tables.execute(
            "select table_name, column_name from duckdb_columns() where comment is null and not internal"
        ).fetchall()
        == []
    )
    assert {
        row[0] for row in tables.execute("select table_name from duckdb_tables()").fetchall()
    } == set(load_tables())


def test_the_dictionary_page_is_up_to_date(pytestconfig):
    page = pytestconfig.rootpath / "docs" / "data_dictionary.md"
    assert page.read_text(encoding="utf-8") == to_markdown(load_tables(), load_macros()), (
        "run `python -m warehouse.dictionary`"
    )


def test_a_key_that_is_none_stops_the_build(tmp_path, monkeypatch):
    table = load_tables()["boards"]
    wrong = {
        **load_tables(),
        "boards": type(table)(
            **{**{f: getattr(table, f) for f in table.__slots__}, "primary_key": ("source",)}
        ),
    }
    monkeypatch.setattr("warehouse.build.load_tables", lambda: wrong)
    with pytest.raises(WarehouseError, match="boards: source is no key"):
        build_tables(tmp_path, [Board("x", [ONE]), Board("y", [ONE])])
    assert not list(tmp_path.rglob("vpoe.new.duckdb"))  # nothing half built is left to publish


def test_the_calendar_goes_on_to_the_newest_night(tmp_path):
    tables = build_tables(tmp_path, [Board("x", [ONE, (), ()])])
    assert daily(tables, "day") == [day(1) + timedelta(n) for n in range(3)]
    assert daily(tables) == [1, 0, 0]


def test_an_opening_ends_by_the_boards_that_count(tmp_path):
    """The board that it was found by still shows it; the employer's other board closed it."""
    boards = [
        Board("found", [ONE] * 3, employer="Acme", discovery_reason="role_hit"),
        Board("own", [ONE, ONE, ()], source="lever", employer="Acme"),
    ]
    tables = build_tables(tmp_path, boards)
    assert daily(tables) == [1, 1, 0]
    assert tables.execute("select is_active, is_counted, closed_date from openings").fetchall() == [
        (False, True, day(3))
    ]


def test_fault_69_an_employer_that_changes_its_hiring_system_keeps_its_openings(tmp_path):
    boards = [
        Board("acme", [ONE] * 3, employer="Acme", retired_date=day(4)),
        Board("acme-new", [ads("99")] * 3, start=4, source="lever", employer="Acme"),
    ]
    tables = build_tables(tmp_path, boards)
    assert tables.execute("select postings, boards, reposts from openings").fetchall() == [
        (2, 2, 0)
    ]
    assert daily(tables) == [1, 1, 1, 0, 1, 1, 1]
    assert sum(daily(tables, "new_openings") + daily(tables, "closed_openings")) == 0
    assert daily(tables, "panel_entry_openings") == [1, 0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize("missed", [20, 60])
def test_a_posting_seen_again_when_its_board_returns_is_the_same_opening(tmp_path, missed):
    tables = build_tables(tmp_path, [Board("x", [ONE, *["timeout"] * missed, ONE])])
    assert tables.execute("select reposts, is_active from openings").fetchall() == [(0, True)]
    assert sum(daily(tables, "panel_exit_openings")) == 1
    assert sum(daily(tables, "panel_entry_openings")) == 2
    assert sum(daily(tables, "new_openings") + daily(tables, "reopened_openings")) == 0

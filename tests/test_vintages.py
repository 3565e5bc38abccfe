"""What was published stays known: as of any day, and why a figure changed (method 2.5)."""

from datetime import date, timedelta

import duckdb
import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store, write_extractions
from warehouse.build import build
from warehouse.checks import run_checks
from warehouse.errors import UnknownNameError, WarehouseError
from warehouse.store import ExtractorVersion, Store
from warehouse.trend import trend
from warehouse.workspace import Workspace

FIRST = date(2026, 6, 1)
TABLES = {"as_of": "role_demand_monthly", "index_as_of": "role_index"}


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def put_in_place(workspace, boards=None, *, until=None, first=FIRST):
    """Build from these boards as of night `until` and publish without the checks' bars."""
    if boards is not None:
        workspace.store.unlink(missing_ok=True)
        make_store(workspace.store, boards, until=until, first=first)
    report = build(workspace, taxonomy=TAXONOMY)
    report.path.replace(workspace.warehouse)
    return report


def ask(workspace, sql, *values):
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def steady(count, nights, prefix="p"):
    return [tuple(Ad(f"{prefix}{n}", location=f"{prefix}{n}") for n in range(count))] * nights


def market():
    """A suspect night that the next confirms, a closing that takes two nights, a late board."""
    return [
        Board(
            "a",
            [*steady(8, 29), *steady(1, 40)],
            statuses={30: "suspect"},
        ),
        Board("b", [*steady(6, 27, "b"), *steady(5, 42, "b")], closes_after=2),
        Board("c", steady(4, 30, "c"), start=39),
    ]


def test_p4_a_table_as_of_a_day_is_what_was_published_on_it(workspace):
    published = {}
    for night in (1, 30, 31, 45, 69):
        report = put_in_place(workspace, market(), until=night)
        published[report.as_of_date] = {
            macro: ask(workspace, f"select * from {table} order by all")
            for macro, table in TABLES.items()
        }
    assert published[date(2026, 6, 30)]["as_of"] != published[date(2026, 7, 1)]["as_of"]
    for day, tables in published.items():
        for macro, rows in tables.items():
            assert ask(workspace, f"select * from {macro}(?) order by all", day) == rows
    assert ask(workspace, "select count(*) from as_of('2026-05-31')") == [(0,)]
    between = ask(workspace, "select * from as_of('2026-07-10') order by all")
    assert between == published[date(2026, 7, 1)]["as_of"]
    assert [one.check.name for one in run_checks(workspace.warehouse) if not one.is_passed] == []


def test_only_rows_that_change_cost_anything(workspace):
    put_in_place(workspace, market(), until=45)
    rows = "select count(*) from role_demand_monthly_vintages"
    june = f"{rows} where month = '2026-06-01'"
    before = ask(workspace, june)
    put_in_place(workspace, market(), until=60)
    assert ask(workspace, june) == before


def test_a_second_file_of_a_day_takes_the_place_of_the_first(workspace):
    put_in_place(workspace, market(), until=20)
    once = "select * from role_demand_monthly_vintages order by all"
    put_in_place(workspace, market(), until=21)
    first = ask(workspace, once)
    put_in_place(workspace, market(), until=21)
    assert ask(workspace, once) == first
    assert ask(workspace, "select count(*) from publications") == [(2,)]


def test_an_older_night_never_takes_the_history_away(workspace):
    put_in_place(workspace, market(), until=21)
    with pytest.raises(WarehouseError, match="Move it away"):
        put_in_place(workspace, market(), until=20)


G10 = {  # as of: (stock on the 10th, stock on the 14th)
    11: (3, None),
    14: (3, 3),
    15: (3, 2),
    18: (2, 1),
    21: (3, 2),
}


@pytest.mark.parametrize("which", [0, 1])
def test_g10_the_stock_of_a_day_by_the_day_that_it_is_asked_of(workspace, which):
    """The day in question is made the last of June, so that its stock is the month's."""
    in_question = (10, 14)[which]
    first = date(2026, 6, 30) - timedelta(in_question - 1)

    def at(july):
        return first + timedelta(july - 1)

    for july in G10:
        p1, p2, p3, p4 = (Ad(f"P{n}", location=f"P{n}") for n in range(1, 5))
        nights = [
            [
                p1 if night < 14 else None,
                p2 if night >= 5 else None,
                p3 if night >= 9 and july >= 20 else None,  # the fixed parser is run on 20 July
                p4 if night >= 3 and july < 18 else None,  # retracted on 18 July
            ]
            for night in range(1, july + 1)
        ]
        board = Board("x", [tuple(filter(None, one)) for one in nights], closes_after=2)
        put_in_place(workspace, [board], first=first)
    for july, stocks in G10.items():
        found = ask(
            workspace,
            "select active_openings from as_of(?) where month = '2026-06-01' and role_id = 'all' "
            "and source = 'all' and country_code = 'all' and period_end_date = '2026-06-30'",
            at(july),
        )
        assert [row[0] for row in found] == [one for one in (stocks[which],) if one is not None]


REVISIONS = (
    "select period_start_date, column_name, first_figure, figure_now, revision_cause from revisions "
    "where role_id = 'vp_engineering' and source = 'all' and country_code = 'all' order by all"
)


def test_later_nights_revise_a_month_that_was_over(workspace):
    board = Board("x", [*steady(3, 29), *steady(2, 10)], closes_after=2)
    put_in_place(workspace, [board], until=30)
    assert ask(workspace, REVISIONS) == []
    put_in_place(workspace, [board], until=31)
    june = date(2026, 6, 1)
    assert ask(workspace, REVISIONS) == [
        (june, "active_openings", 3, 2, "source_retro"),
        (june, "closed_openings", 0, 1, "source_retro"),
    ]
    put_in_place(workspace, [board], until=38)
    sizes = (
        "select column_name, weeks, periods, mean_absolute_revision from revision_sizes "
        "where role_id = 'vp_engineering' and source = 'all' order by all"
    )
    assert ask(workspace, sizes) == [
        ("active_openings", 1, 1, 1),
        ("closed_openings", 1, 1, 1),
        ("employers_hiring", 1, 1, 0),
        ("new_openings", 1, 1, 0),
    ]


def test_fault_90_relabelled_after_it_was_published(workspace):
    put_in_place(workspace, [Board("x", steady(2, 33))])
    with Store(workspace.store) as store:
        one = Ad("p0", location="p0")
        write_extractions(store, {one.content.content_hash: Ad("p0", title="CTO")}, version="2")
    report = build(workspace, taxonomy=TAXONOMY, published_date=date(2026, 7, 4))
    report.path.replace(workspace.warehouse)
    assert ask(workspace, REVISIONS) == [
        (date(2026, 6, 1), "active_openings", 2, 1, "relabel"),
    ]
    old = trend(workspace, "vp_engineering", as_of=date(2026, 7, 3))
    new = trend(workspace, "vp_engineering")
    assert [row.active_openings for row in old.rows] == [2, 2]
    assert [row.active_openings for row in new.rows] == [1, 1]


INDEX = (
    "select * from {} where role_id = 'vp_engineering' and source = 'all' and country_code = 'all' "
    "order by all"
)


@pytest.mark.parametrize(
    ("code", "cause"), [("same", "taxonomy_change"), ("other", "relabel"), (None, "relabel")]
)
def test_a_new_alias_reads_the_past_too_and_is_told_from_new_rules(workspace, code, cause):
    """An alias is accepted that names an opening of all nights: the index moves nowhere for it."""
    alias = Ad("z", title="Zorbix Chief", location="z")
    nights = [(*night, alias) for night in steady(20, 89)]
    make_store(workspace.store, [Board("x", nights)])
    with Store(workspace.store) as store:
        store.write_version(ExtractorVersion("1", "same", {"role_aliases.csv": "before"}))
    put_in_place(workspace)
    was = {macro: ask(workspace, INDEX.format(table)) for macro, table in TABLES.items()}
    as_of = ask(workspace, "select as_of_date from about")[0][0]
    with Store(workspace.store) as store:
        contents = {ad.content.content_hash: ad for ad in nights[0]}
        contents[alias.content.content_hash] = Ad("z")
        write_extractions(store, contents, version="2")
        if code:
            store.write_version(ExtractorVersion("2", code, {"role_aliases.csv": "after"}))
    report = build(workspace, taxonomy=TAXONOMY, published_date=as_of + timedelta(1))
    report.path.replace(workspace.warehouse)
    changed = (
        "select distinct column_name, first_figure, figure_now, revision_cause from revisions "
    )
    of_the_role = "where role_id = 'vp_engineering' and source = 'all' and country_code = 'all' "
    assert ask(workspace, f"{changed}{of_the_role}order by all") == [
        ("active_openings", 20, 21, cause)
    ]
    links = (
        "select distinct link, matched_openings from role_index where role_id = 'vp_engineering'"
    )
    assert ask(workspace, f"{links} and link is not null") == [(1, 21)]
    for macro, rows in was.items():
        assert ask(workspace, INDEX.format(f"{macro}('{as_of}')")) == rows


def test_what_a_replay_adds_is_late(workspace):
    put_in_place(workspace, [Board("x", steady(2, 32))])
    more = [*steady(2, 20), *steady(3, 13)]
    put_in_place(workspace, [Board("x", more)])
    assert (date(2026, 6, 1), "new_openings", 0, 1, "late_parse") in ask(workspace, REVISIONS)


def test_a_change_of_the_rules_is_named_first(workspace, monkeypatch):
    put_in_place(workspace, [Board("x", steady(2, 32))])
    monkeypatch.setattr("warehouse.vintages.rules_version", lambda files: "other")
    put_in_place(workspace, [Board("x", [*steady(2, 20), *steady(3, 13)])])
    assert (date(2026, 6, 1), "new_openings", 0, 1, "rule_change") in ask(workspace, REVISIONS)
    assert ask(workspace, "select revision_cause from publications order by published_date") == [
        (None,),
        ("rule_change",),
    ]


def test_a_published_file_of_an_earlier_shape_keeps_what_it_has(workspace):
    put_in_place(workspace, [Board("x", steady(2, 33))], until=31)
    with duckdb.connect(str(workspace.warehouse)) as older:
        older.execute("drop table role_index_vintages")
        older.execute("alter table role_demand_monthly_vintages drop column unflagged_openings")
        older.execute("alter table role_demand_monthly_vintages add column gone integer")
    put_in_place(workspace, [Board("x", steady(2, 33))])
    asked = "select active_openings, unflagged_openings from as_of(?) where role_id = 'all' and source = 'all' and country_code = 'all' order by month"
    assert ask(workspace, asked, date(2026, 7, 1)) == [(2, None), (2, None)]
    assert ask(workspace, asked, date(2026, 7, 3)) == [(2, 2), (2, 2)]


def test_trend_as_of_a_day(workspace):
    for night in (20, 45):
        put_in_place(workspace, market(), until=night)
    then = trend(workspace, "vp_engineering", as_of=date(2026, 6, 25))
    assert (then.as_of_date, then.boards) == (date(2026, 6, 20), 2)
    assert [row.period_end for row in then.rows] == [date(2026, 6, 20)]
    with pytest.raises(UnknownNameError, match="the first file is of 2026-06-20"):
        trend(workspace, "vp_engineering", as_of=date(2026, 6, 1))
    with pytest.raises(UnknownNameError, match="by month"):
        trend(workspace, "vp_engineering", "week", as_of=date(2026, 6, 25))

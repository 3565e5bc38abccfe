"""Each check is silent on sound tables and speaks when its sentence is untrue."""

import shutil

import duckdb
import pytest

from tests.stores import TAXONOMY, Ad, Board, ads, make_store
from warehouse.build import build
from warehouse.checks import load_checks, require_checks, run_checks
from warehouse.errors import CheckFailedError, NotPublishedError, UnknownNameError
from warehouse.workspace import Workspace

CHECKS = {check.name: check for check in load_checks()}
# What breaks each check: SQL on a sound file.
BREAKS = {
    "vintages_match_tables": "update role_demand_monthly set new_postings = new_postings + 1",
    "closures_are_usual": (
        "insert into role_demand_daily by name select cast(day as date) as day, 'all' as role_id, "
        "'all' as source, 'all' as country_code, if(day = '2026-02-10', 31, 10) as closed_openings "
        "from generate_series(timestamp '2026-02-01', timestamp '2026-02-10', interval 1 day) as days (day)"
    ),
    "closed_after_seen": "update postings set closed_date = last_seen_date",
    "evidence_has_a_posting": "insert into mentions by name select 'x' as source, 'y' as board, 'z' as posting_id",
    "everything_is_extracted": "update about set unextracted_contents = 1",
    "excerpts_are_short": "update mentions set excerpt = repeat('x', 201)",
    "flow_is_never_active": "update postings set is_active = true where kind = 'flow'",
    "flows_not_negative": "update role_demand_daily set new_postings = -1",
    "ledger": "update role_demand_daily set new_openings = new_openings + 1 where day = '2026-01-02'",
    "month_is_last_day": "update role_demand_monthly set closed_openings = closed_openings + 1 where kind = 'stock'",
    "newest_night_was_seen": "update crawl_nights set weight_coverage_share = 0.79",
    "no_phone_numbers": "update mentions set excerpt = 'call 03-1234-5678'",
    "index_follows_its_links": (
        "insert into role_index by name select date '2026-01-01' as period_start_date, 'cto' as role_id, "
        "'stock' as kind, 'all' as source, 'all' as country_code, 100 as demand_index, false as is_base"
    ),
    "no_mail_addresses": "update mentions set excerpt = 'write to jane.doe@acme.example'",
    "nothing_happens_unseen": "update role_demand_daily set boards_observed = 0; update crawl_nights set ok_boards = 0",
    "role_within_all": "update role_demand_daily set all_active_openings = active_openings - 1",
    "roles_are_known": "update posting_roles set role_id = 'vpe'",
    "slices_add_up": "delete from role_demand_daily where source = 'greenhouse'",
    "stock_matches_postings": "update openings set is_active = false",
    "stock_not_below_employers": "update role_demand_daily set employers_hiring = active_openings + 1",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("checks"))
    first = (Ad("1", skills=("python",)), Ad("2", title="CTO", location="Osaka"))
    second = (*first[:1], Ad("3", location="Kyoto"))
    thread = [(Ad("h1", employer="Foo"),)]
    make_store(
        workspace.store,
        [
            Board("x", [first, second]),
            Board("2026-01", thread, source="hackernews", kind="flow", employer=None),
        ],
    )
    return build(workspace, taxonomy=TAXONOMY).path


def test_every_check_is_provoked_here():
    assert set(BREAKS) == set(CHECKS)


def test_sound_tables_pass(sound):
    assert {result.check.name for result in require_checks(sound)} == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_check_speaks_a_sentence_and_finds_what_is_wrong(sound, tmp_path, name):
    assert CHECKS[name].sentence.endswith((".", ").", "not."))
    broken = tmp_path / "broken.duckdb"
    shutil.copy(sound, broken)
    with duckdb.connect(str(broken)) as connection:
        connection.execute(BREAKS[name])
    (result,) = run_checks(broken, [CHECKS[name]])
    assert not result.is_passed
    with pytest.raises(CheckFailedError, match=f"check {name} failed"):
        require_checks(broken)


@pytest.mark.parametrize(
    ("usually", "closed", "nights", "is_held"),
    [(10, 31, 8, True), (10, 30, 8, False), (0, 11, 8, True), (0, 10, 8, False), (0, 99, 7, False)],
)
def test_a_mass_of_closures_holds_the_publication(
    sound, tmp_path, usually, closed, nights, is_held
):
    """Method 3.3: three times the usual, ten at least, after a week of nights."""
    file = tmp_path / "some.duckdb"
    shutil.copy(sound, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "delete from role_demand_daily; insert into role_demand_daily by name "
            "select date '2026-02-01' + cast(n as integer) as day, 'all' as role_id, "
            "'all' as source, 'all' as country_code, "
            f"if(n = {nights - 1}, {closed}, {usually}) as closed_openings from range({nights}) as t (n)"
        )
    (result,) = run_checks(file, [CHECKS["closures_are_usual"]])
    assert result.is_passed != is_held


@pytest.mark.parametrize("words", ["jobs at acme.example", "@acme", "Engineer @ Acme", "a@b"])
def test_what_is_no_mail_address_passes(sound, tmp_path, words):
    broken = tmp_path / "near.duckdb"
    shutil.copy(sound, broken)
    with duckdb.connect(str(broken)) as connection:
        connection.execute("update mentions set excerpt = ?", [words])
    (result,) = run_checks(broken, [CHECKS["no_mail_addresses"]])
    assert result.is_passed


@pytest.mark.parametrize(
    ("words", "is_passed"),
    [
        ("+81 3-1234-5678", False),
        ("ring +1 (415) 555-0100 now", False),
        ("(415) 555-0100", False),
        ("090-1234-5678まで", False),
        ("https://jobs.example/2f03-7187-495b-9d3a", True),  # an id in an address
        ("https://jobs.example/a/0e03-7187-4955/apply", True),
        ("100,000-150,000 USD", True),
        ("2026-01-31", True),
        ("〒150-0002 東京都", True),
        ("10-20 people, 2019-2024", True),
        ("¥7,000,000 - ¥10,000,000", True),
        ("+10 years, 3-5 reports", True),
    ],
)
def test_what_is_a_phone_number(sound, tmp_path, words, is_passed):
    file = tmp_path / "words.duckdb"
    shutil.copy(sound, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("update mentions set excerpt = ?", [words])
    (result,) = run_checks(file, [CHECKS["no_phone_numbers"]])
    assert result.is_passed is is_passed


def test_the_complaint_shows_the_first_rows(sound, tmp_path):
    broken = tmp_path / "broken.duckdb"
    shutil.copy(sound, broken)
    with duckdb.connect(str(broken)) as connection:
        connection.execute(BREAKS["everything_is_extracted"])
    with pytest.raises(
        CheckFailedError, match=r"run `vpoe extract` if not\. Wrong rows: \('1', '\d+'\)"
    ):
        require_checks(broken)


def test_fault_87_a_dead_network_publishes_nothing(tmp_path):
    workspace = Workspace(tmp_path)
    make_store(workspace.store, [Board(name, [(Ad("1"),), "timeout"]) for name in "abc"])
    path = build(workspace, taxonomy=TAXONOMY).path
    with pytest.raises(CheckFailedError, match="newest_night_was_seen"):
        require_checks(path)
    assert len(require_checks(path, accept=["newest_night_was_seen"])) == len(CHECKS)
    with pytest.raises(UnknownNameError, match="no check coverage"):
        require_checks(path, accept=["coverage"])


def test_a_partial_night_may_open_what_it_saw(tmp_path):
    """No board was seen whole that night, yet something is new."""
    workspace = Workspace(tmp_path)
    nights = [ads("1"), (*ads("1"), Ad("2", location="Osaka"))]
    make_store(workspace.store, [Board("x", nights, statuses={2: "partial"})])
    path = build(workspace, taxonomy=TAXONOMY).path
    require_checks(path, accept=["newest_night_was_seen"])


def test_checks_without_a_file_name_the_remedy(tmp_path):
    with pytest.raises(NotPublishedError, match="vpoe build"):
        run_checks(tmp_path / "vpoe.new.duckdb")

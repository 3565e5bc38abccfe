"""The store: changes only, a board's night whole or not at all, nothing twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.errors import StoreVersionError
from warehouse.store import (
    STORE_VERSION,
    BoardNight,
    Content,
    History,
    Observation,
    Snapshot,
    Store,
    StoredBoard,
    Validator,
    by_hash,
)

FIRST = date(2026, 1, 1)
ACME = ("greenhouse", "acme")
URL = "https://boards.invalid/acme"


def night(day: int, titles: dict[str, str] | None = None, **values: Any) -> BoardNight:
    """A night that lists postings by id; the rest of the snapshot as given."""
    contents = {one: Content(title) for one, title in (titles or {}).items()}
    seen = [Observation(one, content.content_hash) for one, content in contents.items()]
    validators = values.pop("validators", ())
    at = datetime.combine(FIRST, time()) + timedelta(days=day)
    snapshot = Snapshot(
        FIRST + timedelta(days=day), *ACME, status=values.pop("status", "ok"), fetched_at=at
    )
    snapshot = replace(snapshot, parsed_postings=len(seen), **values)
    return BoardNight(snapshot, seen, by_hash(contents.values()), validators)


FAILED = {"status": "failed", "failure_class": "http_5xx"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as opened:
        yield opened


def changes(store: Store) -> list[tuple[int, str, bool]]:
    rows = store.connection.execute(
        "select crawl_date, posting_id, is_listed from raw.observations order by all"
    ).fetchall()
    return [((day - FIRST).days, posting, is_listed) for day, posting, is_listed in rows]


def count(store: Store, table: str) -> int:
    (row,) = store.connection.execute(f"select count(*) from {table}").fetchall()
    return int(row[0])


@pytest.mark.parametrize("is_reopened", [False, True], ids=["one process", "reopened each night"])
def test_only_changes_are_stored(tmp_path: Path, *, is_reopened: bool) -> None:
    """A process that remembers and one that has to read what was listed write the same rows."""
    nights = [
        night(0, {"1": "VP", "2": "CTO"}),
        night(1, {"1": "VP", "2": "CTO"}),
        night(2, {"1": "SVP", "3": "EM"}),  # changed, gone, new
        night(3, is_not_modified=True),
        night(4, **FAILED),
        night(5, {"3": "EM"}, status="partial"),
        night(6, {"1": "SVP", "2": "CTO", "3": "EM"}),
    ]
    path = tmp_path / "store.duckdb"
    opened = Store(path)
    for one in nights:
        opened.write_nights([one])
        if is_reopened:
            opened.close()
            opened = Store(path)
    with opened:
        assert changes(opened) == [
            (0, "1", True),
            (0, "2", True),
            (2, "1", True),
            (2, "2", False),
            (2, "3", True),
            (5, "1", False),  # not seen on a partial night; what it means is judged later
            (6, "1", True),
            (6, "2", True),
        ]
        assert (count(opened, "raw.snapshots"), count(opened, "raw.contents")) == (7, 4)


def test_what_was_listed_on_a_night(store: Store) -> None:
    for one in (night(0, {"1": "VP", "2": "CTO"}), night(1, **FAILED), night(2, {"2": "CTO"})):
        store.write_nights([one])
    listed = [set(store.listed_on(*ACME, FIRST + timedelta(days=day))) for day in (-1, 0, 1, 2)]
    assert listed == [set(), {"1", "2"}, {"1", "2"}, {"2"}]
    assert set(store.listed(*ACME)) == {"2"}
    assert store.listed("greenhouse", "unknown") == {}


def test_equal_texts_are_stored_once(store: Store) -> None:
    store.write_nights([night(0, {"1": "VP", "2": "VP"})])
    other = night(0, {"9": "VP"})
    store.write_nights([replace(other, snapshot=replace(other.snapshot, board="globex"))])
    assert (count(store, "raw.contents"), count(store, "raw.observations")) == (1, 3)


def test_a_content_is_told_by_each_of_its_fields() -> None:
    names = [name for name in Content.__dataclass_fields__ if name != "title"]
    hashes = {replace(Content("VP"), **{name: "x"}).content_hash for name in names}
    assert len(hashes | {Content("VP").content_hash, Content("x").content_hash}) == len(names) + 2


def test_a_failed_night_is_replaced_and_any_other_is_refused(store: Store) -> None:
    store.write_nights([night(0, **FAILED)])
    store.write_nights([night(0, {"1": "VP"})])
    with pytest.raises(duckdb.ConstraintException):
        store.write_nights([night(0, {"2": "CTO"})])
    assert [one.status for one in store.snapshots(*ACME, FIRST)] == ["ok"]
    assert changes(store) == [(0, "1", True)]
    assert set(store.listed(*ACME)) == {"1"}


def test_a_night_that_breaks_leaves_nothing(store: Store) -> None:
    store.write_nights([night(0, {"1": "VP"})])
    broken = night(1, {"2": "CTO"}, validators=[Validator(URL, None, "1")])  # type: ignore[arg-type]
    with pytest.raises(duckdb.ConstraintException):
        store.write_nights([broken])
    assert (count(store, "raw.snapshots"), changes(store)) == (1, [(0, "1", True)])
    store.write_nights([night(1, {"2": "CTO"})])
    assert set(store.listed(*ACME)) == {"2"}


@pytest.mark.parametrize(
    ("later", "is_kept"),
    [
        (night(1, is_not_modified=True), True),
        (night(1, **FAILED), True),
        (night(1, {"1": "VP"}, status="partial"), False),
        (night(1, {"1": "VP"}, status="suspect"), False),
        (night(1, {"1": "VP", "2": "CTO"}), False),  # read from several pages: none to keep
    ],
    ids=["not modified", "failed", "partial", "suspect", "ok of another listing"],
)
@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_validator_lasts_as_long_as_its_listing(
    store: Store, later: BoardNight, *, is_kept: bool, is_reopened: bool
) -> None:
    validator = Validator(URL, "hash", "1", etag='"x"')
    store.write_nights([night(0, {"1": "VP"}, validators=[validator])])
    assert store.validators(*ACME) == {URL: validator}
    store.write_nights([later])
    if is_reopened:
        store._validators = None
    assert store.validators(*ACME) == ({URL: validator} if is_kept else {})


def test_rewriting_replaces_the_nights_from_the_first_on(store: Store) -> None:
    for one in (night(0, {"1": "vp"}), night(1, {"1": "vp", "2": "cto"}), night(2, **FAILED)):
        store.write_nights([one])
    store.rewrite_nights([night(1, {"1": "VP", "2": "CTO"}), night(2, **FAILED)])
    assert changes(store) == [(0, "1", True), (1, "1", True), (1, "2", True)]
    assert [one.status for one in store.snapshots(*ACME, FIRST)] == ["ok", "ok", "failed"]
    rewritten = store.listed(*ACME)["1"].content_hash
    assert rewritten == Content("VP").content_hash


def test_a_rewrite_that_breaks_changes_nothing(store: Store) -> None:
    nights = [night(0, {"1": "VP"}), night(1, {"2": "CTO"})]
    for one in nights:
        store.write_nights([one])
    with pytest.raises(duckdb.ConstraintException):
        store.rewrite_nights([night(0, {"3": "EM"}), night(1, {}), night(1, {})])
    assert changes(store) == [(0, "1", True), (1, "1", False), (1, "2", True)]


def test_history_is_of_the_nights_before(store: Store) -> None:
    store.write_nights([night(0, {"1": "VP"})])
    store.write_nights([night(1, {"1": "VP", "2": "CTO"}, status="suspect")])
    store.write_nights([night(2, **FAILED)])
    assert store.history(*ACME, FIRST) == History()
    assert store.history(*ACME, FIRST + timedelta(days=1)) == History((1,), None)
    assert store.history(*ACME, FIRST + timedelta(days=3)) == History((1,), 2)


def test_a_resumed_night_keeps_its_start_and_counts_its_plan_once(store: Store) -> None:
    board = StoredBoard(*ACME, "Acme", None, "stock", 1, "list", FIRST)
    thread = replace(board, source="hackernews", board="2026-01", kind="flow")
    for hour in (1, 2):
        store.start_crawl(FIRST, [board], datetime.combine(FIRST, time(hour)))
        store.plan_boards(FIRST, [thread])
    rows = store.connection.execute("select started_at, planned_boards from raw.crawls").fetchall()
    assert rows == [(datetime.combine(FIRST, time(1)), 2)]
    assert store.board(*ACME) == board


def test_a_store_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as opened:
        opened.connection.execute("insert into store_version values (?)", [STORE_VERSION + 1])
    before = path.read_bytes()
    with pytest.raises(StoreVersionError, match=f"store version {STORE_VERSION + 1}"):
        Store(path)
    assert path.read_bytes() == before

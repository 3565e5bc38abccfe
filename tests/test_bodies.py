"""Kept bodies: written whole, readable after a kill, pruned with proof, replayed after a fix."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.bodies import Body, BodyWriter, file_of, nights, prune, read_night
from crawler.demo.server import LoopbackServer, Response
from crawler.items import Listing
from crawler.replay_bodies import replay_bodies
from crawler.run import crawl
from crawler.spiders import greenhouse as source
from tests.servers import FIRST, board, greenhouse, jobs, listing
from warehouse.store import Store
from warehouse.workspace import Workspace

ACME, GLOBEX = ("greenhouse", "acme"), ("greenhouse", "globex")
PAGE = Body("https://acme.invalid/jobs", "採用 VP".encode(), "text/html; charset=utf-8")


def write(folder: Path, *writes: tuple[tuple[str, str], list[Body]]) -> Path:
    with BodyWriter(folder, FIRST) as writer:
        for key, found in writes:
            writer.write(key, found)
    return file_of(folder, FIRST)


def test_bodies_come_back_by_board_and_address(tmp_path: Path) -> None:
    second = replace(PAGE, url="https://acme.invalid/jobs#{}", body=b"")
    write(tmp_path, (ACME, [PAGE, second]), (("jsonld", "求人"), [PAGE]))
    found = read_night(tmp_path, FIRST)
    assert found[ACME] == {PAGE.url: PAGE, second.url: second}
    assert found["jsonld", "求人"] == {PAGE.url: PAGE}


def test_the_newest_reading_of_a_board_stands_alone(tmp_path: Path) -> None:
    other = replace(PAGE, url="https://acme.invalid/2")
    write(tmp_path, (ACME, [PAGE, other]))
    newer = replace(PAGE, body=b"newer")
    write(tmp_path, (ACME, [newer]))
    assert read_night(tmp_path, FIRST)[ACME] == {PAGE.url: newer}


def test_the_files_are_warc_that_others_can_read(tmp_path: Path) -> None:
    with write(tmp_path, (ACME, [PAGE])).open("rb") as file:
        record = next(ArchiveIterator(file))
        assert record.rec_type == "response"
        assert record.rec_headers["WARC-Target-URI"] == PAGE.url
        assert record.content_stream().read() == PAGE.body


@pytest.mark.parametrize("lost", [1, 8, 100, 200])
def test_a_torn_end_costs_the_last_record_alone(tmp_path: Path, lost: int) -> None:
    path = write(tmp_path, (ACME, [PAGE]), (GLOBEX, [PAGE]))
    path.write_bytes(path.read_bytes()[:-lost])
    assert set(read_night(tmp_path, FIRST)) == {ACME}
    write(tmp_path, (GLOBEX, [PAGE]))
    assert set(read_night(tmp_path, FIRST)) == {ACME, GLOBEX}


def test_a_file_torn_in_its_first_record_holds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, (ACME, [PAGE]))
    path.write_bytes(path.read_bytes()[:20])
    assert read_night(tmp_path, FIRST) == {}


def test_bodies_are_kept_for_90_days_and_their_end_is_told(tmp_path: Path) -> None:
    for age in (0, 90, 91, 200):
        with BodyWriter(tmp_path, FIRST - timedelta(days=age)) as writer:
            writer.write(ACME, [PAGE])
    gone = [FIRST - timedelta(days=200), FIRST - timedelta(days=91)]
    assert prune(tmp_path, FIRST, 90) == gone
    assert nights(tmp_path) == [FIRST - timedelta(days=90), FIRST]


# ── replay ───────────────────────────────────────────────────────────────────────────────────────


class Nights:
    """Nights of two boards, then a parser that is mended."""

    def __init__(self, workspace: Workspace, server: LoopbackServer, boards: dict[str, Response]):
        self.workspace, self.server, self.boards = workspace, server, boards

    def crawl(self, day: int) -> None:
        crawl(
            self.workspace,
            FIRST + timedelta(days=day),
            [board("acme"), board("globex")],
            base_urls={"greenhouse": self.server.base_url},
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with Store(self.workspace.store, read_only=True) as store:
            return store.connection.execute(sql).fetchall()

    def statuses(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select crawl_date, status, is_not_modified, parsed_postings from raw.snapshots "
            "where board = 'acme' order by 1"
        )

    def titles(self, day: date) -> set[str]:
        with Store(self.workspace.store, read_only=True) as store:
            hashes = [one.content_hash for one in store.listed_on(*ACME, day).values()]
            return {
                row[0]
                for row in store.connection.execute(
                    "select title from raw.contents where content_hash in (select unnest(?))",
                    [hashes],
                ).fetchall()
            }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Nights]:
    boards: dict[str, Response] = {}
    with LoopbackServer(greenhouse(boards)) as server:
        nights_of = Nights(Workspace(tmp_path / "home"), server, boards)
        boards["globex"] = listing(jobs(1))
        for day, board_of_night in enumerate(
            [listing(jobs(2)), listing(jobs(2)), Response(500), listing(jobs(3))]
        ):
            boards["acme"] = board_of_night
            nights_of.crawl(day)
        yield nights_of


def mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on titles are read in capitals."""
    parse = source.parse_listing

    def mended(body: bytes) -> Listing:
        found = parse(body)
        shout = [one.model_copy(update={"title": one.title.upper()}) for one in found.postings]
        return found.model_copy(update={"postings": tuple(shout)})

    monkeypatch.setattr(source.GreenhouseSpider, "parse_listing", staticmethod(mended))
    monkeypatch.setattr(source.GreenhouseSpider, "parser_version", classmethod(lambda _: "mended"))


def test_a_mended_parser_rewrites_the_nights_whose_bodies_are_kept(
    world: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.statuses()
    mend(monkeypatch)
    report = replay_bodies(world.workspace, board="acme")
    assert (report.boards, report.nights, report.changed) == (1, 2, 2)
    assert world.statuses() == before
    assert world.titles(FIRST) == {"ENGINEER 1", "ENGINEER 2"}
    assert world.titles(FIRST + timedelta(days=2)) == {"ENGINEER 1", "ENGINEER 2"}
    assert world.titles(FIRST + timedelta(days=3)) == {"ENGINEER 1", "ENGINEER 2", "ENGINEER 3"}


def test_a_replay_with_the_same_parser_changes_nothing(world: Nights) -> None:
    tables = ("raw.snapshots", "raw.observations", "raw.contents")
    before = {table: sorted(map(repr, world.rows(f"from {table}"))) for table in tables}
    report = replay_bodies(world.workspace)
    assert (report.boards, report.changed) == (2, 0)
    assert {table: sorted(map(repr, world.rows(f"from {table}"))) for table in tables} == before


def test_a_replay_from_a_later_night_leaves_the_earlier_ones(
    world: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend(monkeypatch)
    replay_bodies(world.workspace, source="greenhouse", since=FIRST + timedelta(days=2))
    assert world.titles(FIRST) == {"Engineer 1", "Engineer 2"}
    assert world.titles(FIRST + timedelta(days=3)) == {"ENGINEER 1", "ENGINEER 2", "ENGINEER 3"}


def test_after_a_replay_the_next_night_reads_the_board_whole(
    world: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend(monkeypatch)
    replay_bodies(world.workspace)
    world.crawl(4)
    assert world.statuses()[-1] == (FIRST + timedelta(days=4), "ok", False, 3)


def test_a_night_whose_body_is_gone_keeps_what_it_listed(
    world: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(world.workspace.bodies, FIRST + timedelta(days=3)).unlink()
    mend(monkeypatch)
    replay_bodies(world.workspace, board="acme")
    last = FIRST + timedelta(days=3)
    assert world.titles(FIRST) == {"ENGINEER 1", "ENGINEER 2"}
    assert world.titles(last) == {"Engineer 1", "Engineer 2", "Engineer 3"}


def test_a_board_that_breaks_the_parser_is_left_as_it_was(
    world: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: bytes) -> Listing:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(source.GreenhouseSpider, "parse_listing", staticmethod(broken))
    with pytest.raises(ZeroDivisionError):
        replay_bodies(world.workspace, board="acme")
    assert world.titles(FIRST) == {"Engineer 1", "Engineer 2"}

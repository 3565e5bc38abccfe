"""Nights over invented boards on loopback: statuses, what they store, and what they spare."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import reactor, settings
from crawler.boards import Board
from crawler.demo.server import LoopbackServer, Request, Response
from crawler.errors import ClockError, ConfigurationError, ExitCode
from crawler.monitors import doubt, drop_bound
from crawler.politeness import retry_after
from crawler.resolver import is_public
from crawler.run import CrawlReport, crawl
from crawler.spiders import greenhouse as source
from tests.servers import (
    FIRST,
    ROBOTS_PATH,
    RawServer,
    board,
    greenhouse,
    http,
    jobs,
    listing,
    self_signed,
)
from warehouse.store import History, Snapshot, Store
from warehouse.workspace import Workspace

PNG = b"\x89PNG\r\n"


def night(number: int) -> date:
    return FIRST + timedelta(days=number)


def snapshots(workspace: Workspace, day: int = 0) -> dict[str, Snapshot]:
    with Store(workspace.store, read_only=True) as store:
        return {one.board: one for one in store.snapshots_of(night(day))}


def listed(workspace: Workspace, name: str, source: str = "greenhouse") -> set[str]:
    with Store(workspace.store, read_only=True) as store:
        return set(store.listed(source, name))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


class Market:
    """Greenhouse boards that a test changes from night to night."""

    def __init__(self, workspace: Workspace, server: LoopbackServer, boards: dict[str, Response]):
        self.workspace, self.server, self.boards = workspace, server, boards

    def crawl(self, day: int = 0, names: tuple[str, ...] = (), **options: Any) -> CrawlReport:
        rows = [board(name) for name in names or self.boards]
        return crawl(
            self.workspace,
            night(day),
            rows,
            base_urls={"greenhouse": self.server.base_url},
            **options,
        )

    def asked(self, name: str) -> int:
        return self.server.paths[f"/v1/boards/{name}/jobs"]


@pytest.fixture
def market(workspace: Workspace) -> Iterator[Market]:
    boards: dict[str, Response] = {}
    with LoopbackServer(greenhouse(boards)) as server:
        yield Market(workspace, server, boards)


# ── what a night stores ──────────────────────────────────────────────────────────────────────────


def test_a_night_stores_each_board_with_one_status(market: Market) -> None:
    market.boards.update(acme=listing(jobs(3)), globex=listing([]))
    report = market.crawl()
    assert (report.planned, report.ok, report.exit_code) == (2, 2, ExitCode.OK)
    acme, globex = (snapshots(market.workspace)[name] for name in ("acme", "globex"))
    assert (acme.status, acme.parsed_postings, acme.declared_postings) == ("ok", 3, 3)
    assert (acme.requests, acme.is_not_modified) == (1, False)
    assert (globex.status, globex.is_declared_empty) == ("ok", True)
    assert listed(market.workspace, "acme") == {"1", "2", "3"}


def test_an_unchanged_board_costs_one_304_and_no_rows(market: Market) -> None:
    market.boards["acme"] = listing(jobs(3))
    market.crawl()
    report = market.crawl(1)
    acme = snapshots(market.workspace, 1)["acme"]
    assert (report.not_modified, market.server.statuses[304], acme.requests) == (1, 1, 1)
    assert (acme.status, acme.parsed_postings, acme.body_bytes) == ("ok", 3, 0)
    market.boards["acme"] = listing(jobs(4))
    market.crawl(2)
    assert listed(market.workspace, "acme") == {"1", "2", "3", "4"}
    with Store(market.workspace.store, read_only=True) as store:
        changes = "select crawl_date, count(*) from raw.observations group by 1 order by 1"
        assert store.connection.execute(changes).fetchall() == [(night(0), 3), (night(2), 1)]


def test_an_equal_body_without_validators_counts_as_not_modified(workspace: Workspace) -> None:
    body = http(listing(jobs(2)).body)
    with RawServer(lambda path: http(b"") if path == ROBOTS_PATH else body) as server:
        for day in (0, 1):
            crawl(workspace, night(day), [board("acme")], base_urls={"greenhouse": server.base_url})
    assert [snapshots(workspace, day)["acme"].is_not_modified for day in (0, 1)] == [False, True]


def test_a_304_that_nobody_asked_for_is_asked_again_once(workspace: Workspace) -> None:
    with RawServer(
        lambda path: http(b"") if path == ROBOTS_PATH else http(b"", status="304 Not Modified")
    ) as server:
        crawl(workspace, FIRST, [board("acme")], base_urls={"greenhouse": server.base_url})
    acme = snapshots(workspace)["acme"]
    assert (acme.status, acme.failure_class, acme.requests) == ("failed", "status", 2)


def test_a_changed_parser_reads_an_unchanged_body_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.boards["acme"] = listing(jobs(1))
    market.crawl()
    monkeypatch.setattr(source.GreenhouseSpider, "parser_version", classmethod(lambda _: "mended"))
    market.crawl(1)
    acme = snapshots(market.workspace, 1)["acme"]
    assert (acme.is_not_modified, acme.parser_version) == (False, "mended")


def test_contacts_reach_neither_store_nor_bodies(market: Market) -> None:
    text = "Write to jo&#64;acme.invalid or +1 (415) 555-2671. Recruiter: Jane Example"
    market.boards["acme"] = listing(jobs(1, content=text))
    market.crawl()
    with Store(market.workspace.store, read_only=True) as store:
        (row,) = store.connection.execute("select description_html from raw.contents").fetchall()
    assert row[0] == "Write to [email] or [phone]. Recruiter: [contact]"


# ── failures ─────────────────────────────────────────────────────────────────────────────────────

WALL = b"<html><title>Just a moment...</title><body>Checking your browser, captcha</body></html>"
FAILURES: list[tuple[str, bytes | None]] = [
    ("http_404", http(b"gone", status="404 Not Found")),
    ("http_410", http(b"", status="410 Gone")),
    ("http_4xx", http(b"", status="403 Forbidden")),
    ("http_429", http(b"", "Retry-After: 86400", status="429 Too Many Requests")),
    ("http_5xx", http(b"", status="500 Internal Server Error")),
    ("status", http(b"", status="204 No Content")),
    ("status", http(b"", status="201 Created")),
    ("redirect", http(b"", "Location: file:///etc/passwd", status="302 Found")),
    ("redirect", http(b"", "Location: http://127.0.0.1:22/", status="302 Found")),
    ("redirect", http(b"", "Location: /v1/boards/acme/jobs", status="302 Found")),
    ("refused", http(b"", "Location: http://169.254.169.254/", status="302 Found")),
    ("refused", http(b"", "Location: http://localhost/", status="302 Found")),
    ("refused", None),
    ("too_large", http(b"[" * 40_000)),
    ("truncated", http(b'{"jobs": [', length=1_000)),
    ("format", http(b"")),
    ("format", http(b"null")),
    ("format", http(b'{"positions": []}')),
    ("format", http(PNG * 40)),
    ("wall", http(WALL, "Content-Type: text/html")),
]


@pytest.mark.parametrize(
    ("failure_class", "answer"), FAILURES, ids=[f"{n}-{f[0]}" for n, f in enumerate(FAILURES)]
)
def test_a_failed_board_closes_nothing_and_disturbs_no_other(
    market: Market,
    monkeypatch: pytest.MonkeyPatch,
    failure_class: str,
    answer: bytes | None,
) -> None:
    monkeypatch.setattr(settings, "DOWNLOAD_MAXSIZE", 20_000)
    market.boards.update(acme=listing(jobs(3)))
    market.crawl()
    allows = http(b"", status="404 Not Found")
    with (
        RawServer(lambda path: allows if path == ROBOTS_PATH else answer) as server,
        LoopbackServer(lambda _: Response(200, b'[{"id": "1", "text": "CTO"}]')) as other,
    ):
        bases = {"greenhouse": server.base_url, "lever": other.base_url}
        monkeypatch.setattr(
            "crawler.spiders.lever.LeverSpider.listing_url",
            "https://lever.invalid/v1/boards/{board}/jobs",
        )
        report = crawl(
            market.workspace, night(1), [board("acme"), board("other", "lever")], base_urls=bases
        )
    acme = snapshots(market.workspace, 1)["acme"]
    assert (acme.status, acme.failure_class) == ("failed", failure_class)
    assert acme.reason
    assert report.failures == {failure_class: 1}
    assert listed(market.workspace, "acme") == {"1", "2", "3"}
    assert snapshots(market.workspace, 1)["other"].status == "ok"


def test_a_slow_host_is_cut_off(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 0.2)
    monkeypatch.setattr(settings, "RETRIES", 0)
    released = threading.Event()

    def answer(path: str) -> bytes:
        if path != ROBOTS_PATH:
            released.wait(5)
        return http(b"")

    with RawServer(answer) as server:
        crawl(workspace, FIRST, [board("acme")], base_urls={"greenhouse": server.base_url})
        released.set()
    assert snapshots(workspace)["acme"].failure_class == "timeout"


def test_a_certificate_that_nobody_vouches_for_fails(workspace: Workspace, tmp_path: Path) -> None:
    with RawServer(lambda _: http(listing(jobs(1)).body), self_signed(tmp_path)) as server:
        crawl(workspace, FIRST, [board("acme")], base_urls={"greenhouse": server.base_url})
        assert server.paths == []  # nothing was sent, and http was not tried instead
    acme = snapshots(workspace)["acme"]
    assert (acme.status, acme.failure_class) == ("failed", "tls")


def test_a_name_without_an_address_fails_as_such(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VPOE_CONTACT", "https://crawler.invalid/about")
    monkeypatch.setattr(settings, "RETRY_BACKOFF", 0)
    monkeypatch.setattr(settings, "DELAY", 0)
    errors = {"gone.invalid": socket.EAI_NONAME, "down.invalid": socket.EAI_AGAIN}

    async def unknown(host: str, *_: object, **__: object) -> None:
        raise socket.gaierror(errors[host], "no address")

    monkeypatch.setattr(reactor.resolver(), "loop", LoopStub(reactor.event_loop(), unknown))
    rows = [board(host, "jsonld", url=f"https://{host}/sitemap.xml") for host in errors]
    crawl(workspace, FIRST, rows)
    assert {name: one.failure_class for name, one in snapshots(workspace).items()} == {
        "gone.invalid": "dns_nxdomain",
        "down.invalid": "dns",
    }


class LoopStub:
    """The event loop, with a name service of the test's."""

    def __init__(self, loop: Any, getaddrinfo: Any) -> None:
        self.create_task, self.getaddrinfo = loop.create_task, getaddrinfo


def test_a_host_that_fails_again_and_again_is_left_for_tonight(workspace: Workspace) -> None:
    rows = [board(f"tenant{number}") for number in range(8)]
    with RawServer(
        lambda path: http(b"") if path == ROBOTS_PATH else http(b"", status="503 Down")
    ) as server:
        crawl(workspace, FIRST, rows, base_urls={"greenhouse": server.base_url})
        asked = [path for path in server.paths if path != ROBOTS_PATH]
    assert len(asked) == settings.BREAKER_RUN
    assert {one.failure_class for one in snapshots(workspace).values()} == {"http_5xx"}
    assert len(snapshots(workspace)) == 8


def test_a_bug_in_a_parser_fails_that_board_alone(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = source.parse_listing

    def broken(body: bytes) -> Any:
        if b"Engineer 77" in body:
            raise ZeroDivisionError("a bug")
        return parse(body)

    monkeypatch.setattr(source.GreenhouseSpider, "parse_listing", staticmethod(broken))
    market.boards.update(acme=listing(jobs(1, first=77)), globex=listing(jobs(2)))
    market.crawl()
    found = snapshots(market.workspace)
    assert (found["acme"].status, found["acme"].failure_class) == ("failed", "crash")
    assert found["globex"].status == "ok"


# ── partial and suspect ──────────────────────────────────────────────────────────────────────────


def test_fewer_postings_than_declared_are_partial_and_end_the_validators(market: Market) -> None:
    market.boards["acme"] = listing(jobs(3))
    market.crawl()
    market.boards["acme"] = listing(jobs(2), total=3)
    market.crawl(1)
    acme = snapshots(market.workspace, 1)["acme"]
    assert (acme.status, acme.reason) == ("partial", "2 of 3 declared postings were read")
    market.crawl(2)
    assert market.server.statuses[304] == 0


@pytest.mark.parametrize(("good", "status"), [(49, "ok"), (48, "partial")])
def test_more_than_two_per_cent_of_invalid_rows_are_partial(
    market: Market, good: int, status: str
) -> None:
    rows = jobs(good) + jobs(50 - good, first=good + 1, title=None)
    market.boards["acme"] = listing(rows)
    market.crawl()
    assert snapshots(market.workspace)["acme"].status == status


def test_a_drop_is_suspect_until_the_next_night_agrees(market: Market) -> None:
    for day, count in enumerate([20, 20, 7, 8]):
        market.boards["acme"] = listing(jobs(count))
        market.crawl(day)
    statuses = [snapshots(market.workspace, day)["acme"].status for day in range(4)]
    assert statuses == ["ok", "ok", "suspect", "ok"]


def test_a_suspect_night_degrades_the_exit_code(market: Market) -> None:
    market.boards["acme"] = listing(jobs(20))
    market.crawl()
    market.boards["acme"] = listing(jobs(2))
    assert market.crawl(1).exit_code == ExitCode.DEGRADED


def test_a_recovery_after_a_suspect_night_is_no_304_of_the_old_body(market: Market) -> None:
    whole, emptied = listing(jobs(20)), Response(200, b'{"jobs": []}')
    for day, body in enumerate([whole, emptied, whole]):
        market.boards["acme"] = body
        market.crawl(day)
    last = snapshots(market.workspace, 2)["acme"]
    assert (last.is_not_modified, len(listed(market.workspace, "acme"))) == (False, 20)


@pytest.mark.parametrize(
    ("mean", "bound"), [(0, None), (6.9, None), (7, 0), (10, 1), (20, 7), (50, 29)]
)
def test_drop_bounds_of_the_method(mean: float, bound: int | None) -> None:
    assert drop_bound(mean) == bound


@pytest.mark.parametrize(
    ("usual", "before", "now", "is_doubted"),
    [
        (3, 0, 0, True),  # zero where there are usually three
        (2, 0, 0, False),
        (10, 0, 1, True),
        (10, 0, 2, False),
        (10, 0, 30, False),  # three times, not more
        (10, 0, 31, True),
        (5, 0, 24, False),  # more than three times, but not 20 more
        (4, 4, 1, True),  # three of four gone
        (4, 4, 2, False),  # half, not more
        (3, 3, 1, False),  # two of three: under three postings
    ],
)
def test_doubts_of_the_method(usual: int, before: int, now: int, *, is_doubted: bool) -> None:
    old, new = {str(n) for n in range(before)}, {str(n) for n in range(now)}
    history = History((usual,) * 7)
    assert bool(doubt(history, old, new, is_declared_empty=False)) is is_doubted
    assert doubt(history, old, new, is_declared_empty=True) is None


@pytest.mark.parametrize(
    ("count", "is_doubted"), [(8, False), (12, False), (7, True), (13, False), (0, True)]
)
def test_a_suspect_count_is_confirmed_within_a_fifth(count: int, *, is_doubted: bool) -> None:
    history = History((30,) * 7, suspect_count=10)
    now = {str(n) for n in range(count)}
    doubted = bool(doubt(replace(history, suspect_count=10), set(), now, is_declared_empty=False))
    assert doubted is (is_doubted or count == 13)  # 13 is outside the fifth and a drop from 30


# ── resuming, order, refusals ────────────────────────────────────────────────────────────────────


def test_the_same_night_again_asks_nobody(market: Market) -> None:
    market.boards.update(acme=listing(jobs(1)))
    market.crawl(names=("acme", "dead"))
    before = market.server.statuses.total()
    report = market.crawl(names=("acme", "dead"))
    assert market.server.statuses.total() == before
    assert (report.planned, report.ok, report.failed) == (2, 1, 1)


def test_retry_failed_asks_the_failed_boards_alone(market: Market) -> None:
    market.boards.update(acme=listing(jobs(1)))
    market.crawl(names=("acme", "late"))
    market.boards["late"] = listing(jobs(2))
    report = market.crawl(names=("acme", "late"), retry_failed=True)
    assert (report.ok, report.failed, market.asked("acme"), market.asked("late")) == (2, 0, 1, 2)


def test_boards_left_by_the_deadline_come_first_next_night(market: Market) -> None:
    market.boards.update(acme=listing(jobs(1)), globex=listing(jobs(1)))
    market.crawl(names=("acme",))
    report = market.crawl(1, seconds=0)
    assert (report.unvisited, report.exit_code) == (2, ExitCode.NOT_PUBLISHED)
    order: list[str] = []
    market.crawl(2, names=("acme", "globex"), progress=lambda one: order.append(one.board))
    assert order == ["globex", "acme"]


def test_a_retired_board_is_left_alone(market: Market) -> None:
    market.boards["acme"] = listing(jobs(1))
    rows = [board("acme"), board("old", retired_date=FIRST)]
    report = crawl(market.workspace, FIRST, rows, base_urls={"greenhouse": market.server.base_url})
    assert (report.planned, market.asked("old")) == (1, 0)


def test_an_earlier_night_is_refused(market: Market) -> None:
    market.boards["acme"] = listing(jobs(1))
    market.crawl(1)
    with pytest.raises(ClockError, match="2026-01-01 is before 2026-01-02"):
        market.crawl(0)


def test_a_real_run_needs_a_contact(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VPOE_CONTACT", raising=False)
    with pytest.raises(ConfigurationError, match="VPOE_CONTACT isn't set"):
        crawl(workspace, FIRST, [board("acme")])
    assert not workspace.root.exists()


def test_the_user_agent_names_version_and_contact(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VPOE_CONTACT", "https://crawler.invalid/about")
    with RawServer(lambda _: http(b"")) as server:
        crawl(workspace, FIRST, [board("acme")], base_urls={"greenhouse": server.base_url})
    agents = {line for head in server.heads for line in head.split("\r\n") if "User-Agent" in line}
    assert agents == {"User-Agent: vpoe/0.1.0 (+https://crawler.invalid/about)"}


# ── sources with detail pages, and with an index ─────────────────────────────────────────────────


def page_of(number: int, title: str = "VP of Engineering") -> Response:
    ad = f'{{"@type": "JobPosting", "title": "{title} {number}", "description": "Invented."}}'
    html = f'<html><script type="application/ld+json">{ad}</script></html>'
    return Response(200, html.encode(), "text/html; charset=utf-8")


def sitemap(base: str, lastmods: dict[int, str]) -> Response:
    urls = "".join(
        f"<url><loc>{base}/jobs/{number}-vp</loc><lastmod>{day}</lastmod></url>"
        for number, day in lastmods.items()
    )
    return Response(200, f"<urlset>{urls}</urlset>".encode(), "application/xml")


def test_a_page_is_read_once_and_again_when_the_list_says_it_changed(workspace: Workspace) -> None:
    lastmods = {1: "2026-01-01", 2: "2026-01-01"}
    missing: set[int] = set()

    def respond(request: Request) -> Response:
        if request.path == "/sitemap.xml":
            return sitemap(request.base_url, lastmods)
        if not request.path.startswith("/jobs/"):
            return Response(404)
        number = int(request.path.removeprefix("/jobs/").partition("-")[0])
        return Response(404) if number in missing else page_of(number)

    def run(day: int) -> Snapshot:
        row = board("acme", "jsonld", url=f"{server.base_url}/sitemap.xml")
        crawl(workspace, night(day), [row], base_urls={"jsonld": server.base_url})
        return snapshots(workspace, day)["acme"]

    with LoopbackServer(respond) as server:
        assert (run(0).requests, len(listed(workspace, "acme", "jsonld"))) == (3, 2)
        assert (run(1).requests, run(1).is_not_modified) == (1, True)
        lastmods[2], lastmods[3] = "2026-01-03", "2026-01-03"
        third = run(2)
        assert (third.requests, third.parsed_postings) == (3, 3)  # the list, the changed, the new
        lastmods[4] = "2026-01-04"
        missing.add(4)
        fourth = run(3)
        assert (fourth.status, fourth.parsed_postings) == ("ok", 3)  # 404: closed already
    assert server.paths["/jobs/1-vp"] == 1


def test_an_unreadable_page_makes_the_night_partial_and_keeps_what_was_known(
    workspace: Workspace,
) -> None:
    lastmods, broken = {1: "2026-01-01", 2: "2026-01-01"}, False

    def respond(request: Request) -> Response:
        if request.path == "/sitemap.xml":
            return sitemap(request.base_url, lastmods)
        return Response(403) if broken and request.path == "/jobs/1-vp" else page_of(1)

    with LoopbackServer(respond) as server:
        row = board("acme", "jsonld", url=f"{server.base_url}/sitemap.xml")
        bases = {"jsonld": server.base_url}
        crawl(workspace, night(0), [row], base_urls=bases)
        lastmods[1], broken = "2026-01-02", True
        crawl(workspace, night(1), [row], base_urls=bases)
    acme = snapshots(workspace, 1)["acme"]
    assert (acme.status, acme.parsed_postings) == ("partial", 2)


def test_a_forum_is_read_by_its_newest_threads_and_back_to_a_month(workspace: Workspace) -> None:
    months = {1: "January 2015", 2: "February 2015", 3: "March 2015", 4: "April 2015"}

    def respond(request: Request) -> Response:
        if request.path.endswith("/search_by_date"):
            hits = [
                {"objectID": str(n), "title": f"Ask HN: Who is hiring? ({month})"}
                for n, month in months.items()
            ]
            return Response(200, json.dumps({"hits": hits}).encode())
        number = int(request.path.rpartition("/")[2]) if "/items/" in request.path else 0
        if number not in months:
            return Response(404)
        child = {"id": number * 10, "text": "Acme | VP Engineering | Remote", "created_at": None}
        title = f"Ask HN: Who is hiring? ({months[number]})"
        return Response(200, json.dumps({"title": title, "children": [child]}).encode())

    rows = [board("whoishiring", "hackernews")]
    with LoopbackServer(respond) as server:
        bases = {"hackernews": server.base_url}
        report = crawl(workspace, night(0), rows, base_urls=bases)
        assert (report.planned, set(snapshots(workspace))) == (2, {"2015-03", "2015-04"})
        report = crawl(workspace, night(0), rows, base_urls=bases, backfill_since="2015-02")
        assert set(snapshots(workspace)) == {"2015-02", "2015-03", "2015-04"}
        assert report.ok == 3
    with Store(workspace.store, read_only=True) as store:
        kinds = store.connection.execute("select distinct kind from raw.boards").fetchall()
    assert kinds == [("flow",)]


def test_an_index_that_fails_is_a_failed_board(workspace: Workspace) -> None:
    rows: list[Board] = [board("whoishiring", "hackernews")]
    with LoopbackServer(lambda _: Response(404)) as server:
        report = crawl(workspace, FIRST, rows, base_urls={"hackernews": server.base_url})
    assert (report.planned, report.failed) == (1, 1)
    assert snapshots(workspace)["whoishiring"].failure_class == "http_404"


# ── small rules ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7),
        ("86400", 86_400),
        ("-5", 0),
        ("soon", None),
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
        ("Wed, 31 Dec 2025 23:00:00 GMT", 0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 1, 1, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_that_may_be_connected_to(address: str, *, is_open: bool) -> None:
    assert is_public(address) is is_open

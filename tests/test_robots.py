"""robots.txt is obeyed from the first request of a burst on, and forbids where it can't be read."""

import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from crawler import settings
from crawler.demo.server import LoopbackServer, Request, Response
from crawler.run import CrawlReport, crawl
from tests.servers import FIRST, ROBOTS_PATH, RawServer, board, greenhouse, http, jobs, listing
from warehouse.store import Snapshot, Store
from warehouse.workspace import Workspace

DISALLOW = b"User-agent: *\nDisallow: /\n"
BURST = [f"acme{number}" for number in range(10)]


def run(folder: Path, names: list[str], server: LoopbackServer | RawServer) -> CrawlReport:
    rows = [board(name) for name in names]
    return crawl(Workspace(folder), FIRST, rows, base_urls={"greenhouse": server.base_url})


def stored(folder: Path) -> Mapping[str, Snapshot]:
    with Store(Workspace(folder).store, read_only=True) as store:
        return {one.board: one for one in store.snapshots_of(FIRST)}


def served(robots: Response) -> LoopbackServer:
    return LoopbackServer(greenhouse({name: listing(jobs(1)) for name in BURST}, robots))


def test_none_of_a_burst_of_disallowed_requests_is_sent(tmp_path: Path) -> None:
    with served(Response(200, DISALLOW, "text/plain")) as server:
        run(tmp_path, BURST, server)
    assert dict(server.paths) == {ROBOTS_PATH: 1}
    assert {one.failure_class for one in stored(tmp_path).values()} == {"robots"}
    assert len(stored(tmp_path)) == 10


def test_none_of_a_burst_over_many_sources_is_sent(tmp_path: Path) -> None:
    """Sources run side by side; one host's rules are read once for all of them."""
    sources = ("greenhouse", "lever", "ashby", "recruitee", "workable")
    with LoopbackServer(lambda _: Response(200, DISALLOW, "text/plain")) as server:
        crawl(
            Workspace(tmp_path),
            FIRST,
            [board("acme", source) for source in sources],
            base_urls=dict.fromkeys(sources, server.base_url),
        )
    assert dict(server.paths) == {ROBOTS_PATH: 1}


UNREADABLE = [
    http(b"", status="500 Internal Server Error"),
    http(b"", status="503 Service Unavailable"),
    http(b"", status="429 Too Many Requests"),
    http(b"User-agent: *", length=5_000),
    None,
]


@pytest.mark.parametrize("answer", UNREADABLE, ids=["500", "503", "429", "cut", "hung up"])
def test_a_robots_txt_that_cannot_be_read_forbids_all(tmp_path: Path, answer: bytes | None) -> None:
    body = http(listing(jobs(1)).body)
    with RawServer(lambda path: answer if path == ROBOTS_PATH else body) as server:
        run(tmp_path, BURST, server)
        assert set(server.paths) == {ROBOTS_PATH}
        assert len(server.paths) == 1 + settings.RETRIES
    assert {one.failure_class for one in stored(tmp_path).values()} == {"robots"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows(tmp_path: Path, status: int) -> None:
    def respond(request: Request) -> Response:
        return Response(status) if request.path == ROBOTS_PATH else listing(jobs(1))

    body = http(listing(jobs(1)).body)
    refused = http(b"", status=f"{status} No")
    with RawServer(lambda path: refused if path == ROBOTS_PATH else body) as server:
        report = run(tmp_path, ["acme"], server)
    assert report.ok == 1
    assert report.notices == {f"{server.base_url}{ROBOTS_PATH} answered {status}": 1}


@pytest.mark.parametrize(
    ("robots", "is_allowed"),
    [
        (b"", True),
        (b"<!DOCTYPE html><html>Disallow: /</html>", True),  # a page in place of rules
        (b"User-agent: *\nDisallow: /v2/\n", True),
        (b"User-agent: *\nDisallow: /v1/\nAllow: /v1/boards/\n", True),  # the longest match wins
        (b"User-agent: *\nAllow: /v1\nDisallow: /v1\n", True),  # allow wins ties
        (b"User-agent: *\nAllow: /\nDisallow: /*/jobs?*content\n", False),
        (b"User-agent: *\nDisallow: /v1/boards/acme0/jobs$\n", True),  # the query is part of it
        (b"User-agent: vpoe\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        (b"User-agent: other\nDisallow: /\n", True),
        (b"User-agent: *\r\nDisallow: /v1\r\rAllow: /x\n", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", False),
        (b"User-agent: *\nDisallow: /\x00\n\x00\xff\nDisallow: /v1\n", False),
        (b"User-agent: *\nDisallow: /v1\n" + b"# filler\n" * 70_000, False),
        (b"#" * settings.ROBOTS_BYTES + b"\nUser-agent: *\nDisallow: /\n", True),  # beyond the cap
    ],
    ids=range(14),
)
def test_rules(tmp_path: Path, robots: bytes, *, is_allowed: bool) -> None:
    with served(Response(200, robots, "text/plain")) as server:
        run(tmp_path, ["acme0"], server)
    assert stored(tmp_path)["acme0"].failure_class == (None if is_allowed else "robots")


@pytest.mark.parametrize(("hops", "failure_class"), [(5, "robots"), (6, None)])
def test_redirects_of_a_robots_txt(tmp_path: Path, hops: int, failure_class: str | None) -> None:
    """Five are followed, to rules that bind the first host; with six there are no rules."""

    def respond(request: Request) -> Response:
        if request.path.startswith("/v1/"):
            return listing(jobs(1))
        done = int(request.path[2:]) if request.path != ROBOTS_PATH else 0
        if done == hops:
            return Response(200, DISALLOW, "text/plain")
        return Response(302, headers={"Location": f"/r{done + 1}"})

    with LoopbackServer(respond) as server:
        run(tmp_path, ["acme"], server)
    assert stored(tmp_path)["acme"].failure_class == failure_class


def test_a_redirect_to_another_host_asks_for_its_rules_first(tmp_path: Path) -> None:
    with (
        LoopbackServer(lambda _: Response(200, DISALLOW, "text/plain")) as other,
        LoopbackServer(lambda _: Response(404)) as second,
    ):
        target = f"{other.base_url}/v1/boards/acme/jobs"

        def respond(request: Request) -> Response:
            is_robots = request.path == ROBOTS_PATH
            return Response(404) if is_robots else Response(302, headers={"Location": target})

        with LoopbackServer(respond) as first:
            bases = {"greenhouse": first.base_url, "lever": other.base_url}
            crawl(Workspace(tmp_path), FIRST, [board("acme")], base_urls=bases)
    assert dict(other.paths) == {ROBOTS_PATH: 1}
    assert not second.paths
    assert stored(tmp_path)["acme"].failure_class == "robots"


def test_crawl_delay_is_kept_between_requests(tmp_path: Path) -> None:
    moments: list[float] = []

    def answer(path: str) -> bytes:
        moments.append(time.monotonic())
        rules = http(b"User-agent: *\nCrawl-delay: 0.5\n")  # less than a second is a second
        return rules if path == ROBOTS_PATH else http(listing(jobs(1)).body)

    with RawServer(answer) as server:
        run(tmp_path, BURST[:3], server)
    gaps = [later - earlier for earlier, later in pairwise(moments[1:])]
    assert len(gaps) == 3  # the reservations, then the boards
    assert min(gaps) > 0.95


def test_a_host_that_asks_for_an_hour_between_requests_is_left(tmp_path: Path) -> None:
    with served(Response(200, b"User-agent: *\nCrawl-delay: 3600\n", "text/plain")) as server:
        run(tmp_path, BURST, server)
    assert dict(server.paths) == {ROBOTS_PATH: 1}
    assert {one.failure_class for one in stored(tmp_path).values()} == {"robots"}


def test_a_crawl_delay_that_is_no_number_is_none(tmp_path: Path) -> None:
    with served(Response(200, b"User-agent: *\nCrawl-delay: abc\n", "text/plain")) as server:
        assert run(tmp_path, ["acme0"], server).ok == 1


def test_fault_30_rules_of_yesterday_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ROBOTS_AGE", -1)  # older than that at once
    with served(Response(200, b"User-agent: *\nAllow: /\n", "text/plain")) as server:
        assert run(tmp_path, BURST[:3], server).ok == 3
    assert server.paths[ROBOTS_PATH] >= 3

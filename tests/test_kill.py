"""Runs that are killed, stopped, doubled or out of disk: the next one ends as if nothing had been."""

import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from itertools import count

import pytest

from crawler.boards import Board
from crawler.bodies import BodyWriter, read_night
from crawler.errors import ExitCode
from crawler.requests import Fetcher
from tests.faults import (
    NIGHT,
    FaultServer,
    Reply,
    World,
    gh_path,
    greenhouse,
    job_page,
    lever,
    row,
    sitemap,
)
from warehouse.store import Store

TONIGHT = NIGHT.replace(day=NIGHT.day + 1)
BOARDS = [
    *(row("greenhouse", f"g{n}") for n in range(14)),
    *(row("lever", f"l{n}") for n in range(12)),
    *(row("jsonld", f"j{n}") for n in range(4)),
]
KILLS = 20
# Not compared: when something was done, and how long it took.
TABLES = {
    "raw.crawls": "* exclude (started_at, finished_at, report)",
    "raw.boards": "*",
    "raw.snapshots": "* exclude (fetched_at)",
    "raw.observations": "*",
    "raw.contents": "*",
    "raw.validators": "*",
}
RUN_ONLY = {"seconds", "notices"}  # of the report: what this one run met


# ── killed ───────────────────────────────────────────────────────────────────────────────────────


class Site(dict):
    """Boards that change, shrink, fail, break off, or stay as they are, by their number."""

    night = 0

    def get(self, path, _default=None):
        name = path.strip("/").split("/")
        if path.startswith("/v1/boards/"):
            return partial(self.greenhouse, int(name[2][1:]))
        if path.startswith("/v0/postings/"):
            return partial(self.lever, int(name[2][1:]))
        if path.endswith("sitemap.xml"):
            days = {str(n): f"2026-01-0{n + 1 + self.night}" for n in range(3)}
            return sitemap(name[0].partition(".")[0], days)
        return (
            job_page(f"VP of Engineering {name[2]} {self.night}") if len(name) == 3 else Reply(404)
        )

    def greenhouse(self, n, _asked):
        if n == 3 and self.night:
            return Reply(500)
        if n == 4 and self.night:
            return greenhouse([1, 2], total=9)
        return greenhouse(range(n, n + 5 + (self.night if n % 3 == 0 else 0)))

    def lever(self, n, _asked):
        return lever(range(30 if n == 5 and not self.night else n % 4 + n % 2 * self.night))


@pytest.fixture(scope="module")
def forkserver():
    """Children that begin with everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "crawler.run"])
    return context


def crawl_until(root, base_url, kill_at, ticked):
    """Crawl tonight; die at tick `kill_at`. Ticks are before and after what leaves a trace."""
    ticks = count(1)

    def tick():
        ticked.value = next(ticks)
        if ticked.value == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def ticking(method):
        def ticked_method(*args, **kwargs):
            tick()
            result = method(*args, **kwargs)
            tick()
            return result

        return ticked_method

    for name in ("insert", "upsert", "write_nights", "finish_crawl"):
        setattr(Store, name, ticking(getattr(Store, name)))
    BodyWriter.write = ticking(BodyWriter.write)
    Fetcher.__call__ = ticking(Fetcher.__call__)
    sys.exit(int(World(root).run(BOARDS, bases(base_url), night=1).exit_code))


def bases(base_url):
    return dict.fromkeys(("greenhouse", "lever", "jsonld"), base_url)


@pytest.fixture(scope="module")
def night_before(tmp_path_factory):
    """A site, and a workspace that read it on the night before."""
    world, site = World(tmp_path_factory.mktemp("killed") / "before"), Site()
    with FaultServer(site) as server:
        world.run(BOARDS, bases(server.base_url))
        site.night = 1
        yield world, server


@pytest.fixture(scope="module")
def start(night_before, forkserver):
    """Run the night in a child: its exit code, and the ticks that it came to."""
    _, server = night_before

    def start(world, kill_at=0):
        ticked = forkserver.Value("i", 0)
        args = (world.root, server.base_url, kill_at, ticked)
        process = forkserver.Process(target=crawl_until, args=args)
        process.start()
        process.join()
        return process.exitcode, ticked.value

    return start


def tables(world):
    found = {
        table: world.query(f"select {columns} from {table} order by all")
        for table, columns in TABLES.items()
    }
    report = json.loads((world.workspace.reports / f"{TONIGHT}.json").read_text())
    found["report"] = {name: report[name] for name in report.keys() - RUN_ONLY}
    kept = read_night(world.workspace.bodies, TONIGHT)
    found["bodies"] = {key: kept[key] for key in kept}
    return found


@pytest.fixture(scope="module")
def uninterrupted(night_before, start, tmp_path_factory):
    """What an uninterrupted run leaves, and how many ticks it takes."""
    world = World(tmp_path_factory.mktemp("killed") / "whole")
    shutil.copytree(night_before[0].root, world.root)
    exit_code, ticks = start(world)
    assert exit_code == ExitCode.DEGRADED
    return tables(world), ticks


def test_the_night_that_is_killed_has_every_kind_of_outcome(uninterrupted):
    report = uninterrupted[0]["report"]
    statuses = [report[name] for name in ("planned", "ok", "failed", "partial", "suspect")]
    assert statuses == [30, 27, 1, 1, 1]
    assert 5 < report["not_modified"] < 25


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_ends_like_an_uninterrupted_one(
    night_before, uninterrupted, start, tmp_path, number
):
    before, server = night_before
    whole, ticks = uninterrupted
    part = range(1 + number * ticks // KILLS, 1 + (number + 1) * ticks // KILLS)
    world = World(tmp_path / "data")
    shutil.copytree(before.root, world.root)
    assert start(world, random.Random(number).choice(part))[0] == -signal.SIGKILL
    with Store(world.workspace.store) as store:
        finished = store.finished_boards(TONIGHT)
    asked = Counter(server.paths)
    assert start(world)[0] == ExitCode.DEGRADED
    again = {key_of(path) for path in server.paths if server.paths[path] > asked[path]}
    assert not again & finished
    assert tables(world) == whole


def key_of(path):
    parts = path.strip("/").split("/")
    if parts[0] in {"v1", "v0"}:
        return ("greenhouse" if parts[0] == "v1" else "lever"), parts[2]
    return "jsonld", parts[0].partition(".")[0]


# ── stopped, doubled, full ───────────────────────────────────────────────────────────────────────

ACME, SLOW = row("greenhouse", "acme"), row("lever", "slow")


def crawl_two(root, base_urls):
    sys.exit(int(World(root).run([ACME, SLOW], base_urls).exit_code))


@pytest.fixture
def hanging(tmp_path, forkserver):
    """A run that has kept `acme` and waits for `slow`; the answers can be changed."""
    world = World(tmp_path / "data")
    answers = {"/v0/postings/slow": Reply(end="silent")}
    kept = world.workspace.bodies / f"{NIGHT}.warc.gz"
    with FaultServer(answers) as slow, FaultServer({gh_path("acme"): greenhouse([1, 2])}) as fine:
        base_urls = {"lever": slow.base_url, "greenhouse": fine.base_url}
        process = forkserver.Process(target=crawl_two, args=(world.root, base_urls))
        process.start()
        while not (slow.paths["/v0/postings/slow"] and kept.exists() and kept.stat().st_size):
            assert process.is_alive()
            time.sleep(0.01)
        time.sleep(0.2)  # the transaction that follows the body
        yield world, process, base_urls, answers, fine
        process.kill()
        process.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_says_so_and_goes_on_where_it_was(hanging, number):
    world, process, base_urls, answers, fine = hanging
    os.kill(process.pid, number)
    process.join()
    assert process.exitcode == ExitCode.STOPPED
    report = json.loads((world.workspace.reports / f"{NIGHT}.json").read_text())
    assert (report["is_stopped"], report["ok"], report["planned"]) == (True, 1, 2)
    answers["/v0/postings/slow"] = lever([7])
    report = world.run([ACME, SLOW], base_urls)
    assert (report.ok, report.exit_code, fine.paths[gh_path("acme")]) == (2, ExitCode.OK, 1)


def tree(root):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}


def test_a_second_run_leaves_at_once_and_touches_nothing(hanging, tmp_path):
    world, process, _, _, _ = hanging
    registry = tmp_path / "boards.csv"
    columns = ",".join(Board.model_fields)
    registry.write_text(f"{columns}\ngreenhouse,acme,Acme,,,list,2026-01-01,,\n")
    before = tree(world.root)
    for command in ("crawl", "nightly"):
        second = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", command, "--boards", str(registry)],
            env={**os.environ, "VPOE_HOME": str(world.root), "VPOE_CONTACT": "https://x.invalid"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == ExitCode.LOCK_HELD, second.stderr
        (line,) = second.stderr.splitlines()
        assert line.startswith("Error: ")
        assert f'"pid":{process.pid}' in line
    assert tree(world.root) == before


def crawl_on_a_small_disk(root, base_urls, boards, limit):
    """Files may grow to `limit` bytes: what a full disk looks like to a program."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        World(root).run(boards, base_urls, night=1)
    except Exception as error:  # noqa: BLE001 - the test asks which
        (root / "error").write_text(f"{type(error).__module__}.{type(error).__name__}: {error}")
        sys.exit(1)


def test_a_full_disk_ends_the_night_and_keeps_what_there_was(tmp_path, forkserver):
    world, boards = World(tmp_path / "data"), [row("greenhouse", f"b{n}") for n in range(8)]
    size = [10]

    def board(asked):
        return greenhouse([1], text=random.Random(asked.path).randbytes(size[0]).hex())

    with FaultServer({gh_path(one.board): board for one in boards}) as server:
        base_urls = {"greenhouse": server.base_url}
        world.run(boards, base_urls)
        size[0] = 400_000
        limit = world.workspace.store.stat().st_size + 100_000
        process = forkserver.Process(
            target=crawl_on_a_small_disk, args=(world.root, base_urls, boards, limit)
        )
        process.start()
        process.join()
        assert process.exitcode == 1
        assert "OSError" in (world.root / "error").read_text()
        assert len(world.snapshots()) == 8
        report = world.run(boards, base_urls, night=1)
    assert (report.ok, report.exit_code) == (8, ExitCode.OK)

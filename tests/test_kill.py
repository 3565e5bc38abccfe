"""A night that is killed or stopped, started again, ends as if nothing had happened."""

import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.bodies import read_night
from crawler.demo.server import LoopbackServer, Request, Response
from crawler.errors import ExitCode
from crawler.run import crawl
from tests.servers import FIRST, board, greenhouse, jobs, listing
from warehouse.store import Store
from warehouse.workspace import Workspace

BOARDS = [f"acme{number:02}" for number in range(36)]
KILLS = 20
NIGHT = """
import sys
from pathlib import Path
from crawler.run import crawl
from tests.servers import FIRST, board
from warehouse.workspace import Workspace
names = sys.argv[3:]
report = crawl(
    Workspace(Path(sys.argv[1])),
    FIRST,
    [board(name) for name in names],
    base_urls={"greenhouse": sys.argv[2]},
    progress=lambda one: print(one.board, flush=True),
)
sys.exit(report.exit_code)
"""
# Not compared: when it ran and what it cost, which a second start changes by right.
TABLES = {
    "raw.crawls": "* exclude (started_at, finished_at, report)",
    "raw.boards": "*",
    "raw.snapshots": "* exclude (fetched_at)",
    "raw.observations": "*",
    "raw.contents": "*",
    "raw.validators": "*",
}


class Gate:
    """Counts requests, and acts on the process that asks before it answers the n-th."""

    def __init__(self, boards: dict[str, Response]) -> None:
        self._respond = greenhouse(boards)
        self.asked: Counter[str] = Counter()
        self.countdown = 0
        self.act: Callable[[], None] = lambda: None

    def __call__(self, request: Request) -> Response:
        if request.path != "/robots.txt":
            self.asked[request.path.split("/")[3]] += 1
            self.countdown -= 1
            if self.countdown == 0:
                self.act()
        return self._respond(request)


@pytest.fixture(scope="module")
def gate() -> Gate:
    boards = {
        name: listing(jobs(number % 5 + 1, first=100 * number))
        for number, name in enumerate(BOARDS)
    }
    return Gate(boards)


@pytest.fixture(scope="module")
def server(gate: Gate) -> Iterator[LoopbackServer]:
    with LoopbackServer(gate) as server:
        yield server


@pytest.fixture(scope="module")
def uninterrupted(server: LoopbackServer, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("whole"))
    bases = {"greenhouse": server.base_url}
    assert crawl(workspace, FIRST, [board(name) for name in BOARDS], base_urls=bases).ok == 36
    return workspace


def content(workspace: Workspace) -> dict[str, list[str]]:
    with Store(workspace.store) as store:
        return {
            table: sorted(
                map(repr, store.connection.execute(f"select {columns} from {table}").fetchall())
            )
            for table, columns in TABLES.items()
        }


def begin(workspace: Workspace, server: LoopbackServer) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(workspace.root), server.base_url, *BOARDS],
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(workspace: Workspace) -> set[str]:
    if not workspace.store.exists():
        return set()
    with Store(workspace.store) as store:
        return {board for _, board in store.finished_boards(FIRST)}


def test_kill_at_twenty_random_points(
    gate: Gate, server: LoopbackServer, uninterrupted: Workspace, tmp_path: Path
) -> None:
    """Each start is killed a random while after a random request, the last one runs to its end."""
    chance = random.Random(20260101)
    workspace = Workspace(tmp_path / "home")
    kills = refetched = 0
    while kills < KILLS:
        before = finished(workspace)
        if len(before) > len(BOARDS) - 4:  # a night is done: begin the next one
            workspace = Workspace(tmp_path / f"home{kills}")
            before = set()
        gate.asked.clear()
        night = begin(workspace, server)
        wait = chance.uniform(0, 0.03)
        gate.countdown = chance.randint(1, min(8, len(BOARDS) - len(before)))
        gate.act = threading.Timer(wait, night.kill).start
        night.communicate(timeout=60)
        refetched += len(before & gate.asked.keys())
        kills += night.returncode == -signal.SIGKILL  # else it was done before
    before = finished(workspace)
    gate.asked.clear()
    gate.act = lambda: None
    night = begin(workspace, server)
    told, _ = night.communicate(timeout=60)
    assert night.returncode == ExitCode.OK
    assert refetched == 0
    assert set(told.split()) == set(BOARDS) - before == gate.asked.keys()
    assert content(workspace) == content(uninterrupted)
    kept, whole = (read_night(one.bodies, FIRST) for one in (workspace, uninterrupted))
    assert {key: kept[key] for key in kept} == {key: whole[key] for key in whole}


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_night_says_so_and_goes_on_where_it_was(
    gate: Gate,
    server: LoopbackServer,
    uninterrupted: Workspace,
    tmp_path: Path,
    by: signal.Signals,
) -> None:
    workspace = Workspace(tmp_path)
    night = begin(workspace, server)
    gate.countdown, gate.act = 10, lambda: night.send_signal(by)
    night.communicate(timeout=60)
    assert night.returncode == ExitCode.STOPPED
    assert 0 < len(finished(workspace)) < len(BOARDS)
    again = begin(workspace, server)
    again.communicate(timeout=60)
    assert again.returncode == ExitCode.OK
    assert content(workspace) == content(uninterrupted)


def test_two_starts_at_once_read_each_board_once(
    gate: Gate, server: LoopbackServer, uninterrupted: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    gate.asked.clear()
    gate.act = lambda: None
    both = [begin(workspace, server) for _ in range(2)]
    for night in both:
        night.communicate(timeout=60)
    assert sorted(night.returncode for night in both) in ([0, 1], [0, 0])
    assert set(gate.asked.values()) == {1}
    assert content(workspace) == content(uninterrupted)

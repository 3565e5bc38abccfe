"""A whole night over a small world: crawl, extract, build, check, publish, ask. All invented."""

import subprocess
import sys
from datetime import timedelta

import duckdb
import pytest

from crawler.demo.market import build_market
from crawler.demo.server import LoopbackServer
from crawler.demo.site import Site, base_urls, registry
from crawler.errors import ExitCode
from pipeline.demo import run_demo
from pipeline.nightly import extract_new, run_night
from pipeline.steps import Steps
from warehouse.trend import trend
from warehouse.workspace import Workspace

NIGHTS = 3
READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select count(*) from postings").fetchone()[0], flush=True)
for _ in sys.stdin:  # a question a line, until the test is done
    print(connection.execute("select count(*) from postings").fetchone()[0], flush=True)
"""


class Told(Steps):
    def __init__(self):
        self.names, self.units = [], 0

    def begin(self, name, total=0):
        self.names.append(name)

    def advance(self, count=1):
        self.units += count


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Three nights of the demo market, each published; the server stays up."""
    workspace = Workspace(tmp_path_factory.mktemp("nightly"))
    market = build_market()
    site = Site(market)
    with LoopbackServer(site) as server:
        for night in range(NIGHTS):
            site.night = night
            report = night_of(workspace, market, night, server)
            assert report.exit_code == ExitCode.OK, report
        yield workspace, market, site, server


def night_of(workspace, market, night, server, **options):
    urls = base_urls(server.base_url)
    rows = registry(market, night)
    return run_night(workspace, market.date_of(night), rows, base_urls=urls, **options)


def test_a_night_tells_its_steps_and_publishes(world):
    workspace, market, site, server = world
    site.night = NIGHTS
    told = Told()
    report = night_of(workspace, market, NIGHTS, server, steps=told)
    assert told.names == ["crawl", "extract", "build", "check and publish", "report"]
    assert report.crawl.ok == report.crawl.planned == 40
    assert report.crawl.not_modified > 20
    assert told.units == report.crawl.planned + report.extracted
    assert trend(workspace, "vp_engineering", "day").rows[-1].active_openings > 0


def test_nights_that_go_well_rewrite_nothing_of_the_past(world):
    """So that a build goes on from the one before."""
    workspace = world[0]
    with duckdb.connect(str(workspace.store), read_only=True) as store:
        assert store.execute("select what from raw.rewrites").fetchall() == [("began",)]


def test_the_same_night_again_fetches_no_board_and_changes_no_figure(world):
    workspace, market, _, server = world
    before = server.statuses.total()
    published = trend(workspace, "all", "day").values
    night = int((trend(workspace, "all", "day").as_of_date - market.start).days)
    report = night_of(workspace, market, night, server)
    assert server.statuses.total() - before <= 3, "robots.txt, tdmrep.json, the index of threads"
    assert report.exit_code == ExitCode.OK
    assert trend(workspace, "all", "day").values == published
    assert extract_new(workspace) == 0


def test_a_reader_is_undisturbed_while_a_night_runs(world):
    workspace, market, site, server = world
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(workspace.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        first = reader.stdout.readline()
        night = int((trend(workspace, "all", "day").as_of_date - market.start).days) + 1
        site.night = night
        assert night_of(workspace, market, night, server).exit_code == ExitCode.OK
        reader.stdin.write("again\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == first
        reader.stdin.close()
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        (newest,) = connection.execute("select max(crawl_date) from crawl_nights").fetchone()
    assert newest == market.date_of(night)


def test_the_whole_network_down_closes_nothing_and_publishes_nothing(world):
    """Fault 87."""
    workspace, market, _, server = world
    published = workspace.warehouse.read_bytes()
    day = trend(workspace, "all", "day").as_of_date + timedelta(days=1)
    rows = registry(market, market.night_of(day))
    nowhere = dict.fromkeys(base_urls(server.base_url), "http://127.0.0.1:9")
    report = run_night(workspace, day, rows, base_urls=nowhere)
    assert report.exit_code == ExitCode.NOT_PUBLISHED
    assert report.published is None
    assert report.crawl.failed == report.crawl.planned
    assert set(report.crawl.failures) == {"robots"}
    assert workspace.warehouse.read_bytes() == published


def test_the_demo_equals_its_truth(tmp_path):
    report = run_demo(Workspace(tmp_path / "demo"), nights=18)
    assert report.comparison.differences == []
    assert report.comparison.figures > 4_000
    assert report.unchanged > report.nights * 20

"""A night over the demo market with every fault switched on at once (method 3.4). All invented."""

from collections import Counter
from urllib.parse import parse_qsl

import duckdb
import pytest

from crawler import settings
from crawler.demo.market import build_market
from crawler.demo.server import Request
from crawler.demo.site import Site, base_urls, registry
from crawler.errors import ExitCode
from crawler.run import crawl
from pipeline.nightly import extract_new
from tests.faults import FaultServer, Reply, gh_path, greenhouse, row
from tests.test_faults import FAILURES, JOBS, to
from warehouse.build import build
from warehouse.workspace import Workspace

NIGHTS = 4  # on the last of which everything goes wrong
FAULTS = {
    f"fault{number}": (reply, failure_class)
    for number, (_, reply, failure_class, _) in enumerate(FAILURES)
} | {
    "silent": (Reply(end="silent"), "timeout"),
    "drip": (Reply(body=greenhouse([1, 2, 3]).body, end="drip"), "timeout"),
}
TABLES = ("postings", "posting_roles", "openings", "mentions", "board_panels")


class MarketAndFaults(dict):
    """Answers for the faulty boards from itself, for all others from the market's site."""

    def __init__(self, site):
        super().__init__({gh_path(name): greenhouse([1, 2, 3]) for name in FAULTS})
        self.site = site

    def get(self, path, _default=None):
        own = super().get(path)
        return self.ask if own is None else own

    def ask(self, asked):
        answer = self.site(Request(asked.path, dict(parse_qsl(asked.query)), self.base_url))
        return Reply(answer.status, answer.body, answer.headers, answer.content_type)

    def break_all(self):
        self.update({gh_path(name): reply for name, (reply, _) in FAULTS.items()})
        self[JOBS] = to(JOBS)  # where the redirects of the table lead


def nights_of(root, market, faulty):
    """Crawl the nights; return the workspace and the last report."""
    workspace, site = Workspace(root), Site(market)
    answers = MarketAndFaults(site)
    with FaultServer(answers) as server:
        answers.base_url = server.base_url
        for night in range(NIGHTS):
            site.night = night
            if night == NIGHTS - 1:
                answers.break_all()
            boards = [*registry(market, night), *faulty]
            urls = base_urls(server.base_url) | {"greenhouse": server.base_url}
            report = crawl(workspace, market.date_of(night), boards, base_urls=urls)
    extract_new(workspace)
    return workspace, report


def tables(workspace):
    """The rows of the market's own boards."""
    with duckdb.connect(str(build(workspace).path), read_only=True) as found:
        return {
            table: [
                line
                for line in found.execute(f"select * from {table} order by all").fetchall()
                if not FAULTS.keys() & set(map(str, line))
            ]
            for table in TABLES
        }


def moved(workspace, market):
    """What opened and closed on the last night, on all boards of the faulty ones' source."""
    with duckdb.connect(str(workspace.new_warehouse), read_only=True) as found:
        return found.execute(
            "select new_openings, closed_openings from role_demand_daily "
            "where role_id = 'all' and source = 'greenhouse' and country_code = 'all' and day = ?",
            [market.date_of(NIGHTS - 1)],
        ).fetchall()


@pytest.fixture
def patient_host(monkeypatch):
    """All tenants share one host of the test's: one tenant's failures would leave it."""
    monkeypatch.setattr(settings, "BREAKER_RUN", 10_000)
    monkeypatch.setattr(settings, "BREAKER_REQUESTS", 10_000)
    monkeypatch.setattr(settings, "RETRY_AFTER_MAX", 10**9)
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 1)


@pytest.mark.usefixtures("patient_host")
def test_a_night_with_every_fault_ends_as_each_of_them_should(tmp_path):
    market = build_market(nights=NIGHTS)
    faulty = [row("greenhouse", name) for name in FAULTS]
    broken, report = nights_of(tmp_path / "broken", market, faulty)
    sound, sound_report = nights_of(tmp_path / "sound", market, [])
    assert report.exit_code == ExitCode.NOT_PUBLISHED  # most boards failed
    assert report.failures == Counter(failure_class for _, failure_class in FAULTS.values())
    assert (report.ok, report.suspect) == (sound_report.ok, sound_report.suspect)
    assert tables(broken) == tables(sound)
    with duckdb.connect(str(broken.new_warehouse), read_only=True) as found:
        kept = "select count(*), count(closed_date), bool_and(is_active) from postings where board in ?"
        assert found.execute(kept, [list(FAULTS)]).fetchall() == [(3 * len(FAULTS), 0, True)]
    assert moved(broken, market) == moved(sound, market)

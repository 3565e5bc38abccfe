"""What a host can't do to us: trust, names, time, memory (method 3.4, 1 to 14). All invented."""

import multiprocessing
import resource
import socket
from contextlib import ExitStack
from ipaddress import ip_address

import pytest

from crawler import reactor, settings
from crawler.resolver import GuardedResolver
from tests.faults import (
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
from tests.servers import Authority
from tests.test_faults import BOMB, GZIP, to

ACME, OTHER = row("greenhouse", "acme"), row("lever", "other")
JOBS, OTHER_JOBS = gh_path("acme"), "/v0/postings/other"
GOOD = greenhouse([1, 2, 3])


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "data")


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """An authority that this process trusts while the test runs."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    return authority


@pytest.mark.parametrize(
    ("certificate", "failure_class"),
    [
        ({}, None),  # so that the others fail for what is wrong with them alone
        ({"days": -1}, "tls"),
        ({"address": "127.0.0.2"}, "tls"),
        ({"is_own": True}, "tls"),
    ],
    ids=["sound", "expired", "of another host", "self-signed"],
)
def test_fault_3_a_certificate_is_believed_or_the_board_fails(
    world, trusted, certificate, failure_class
):
    with FaultServer({JOBS: GOOD}, trusted.certificate(**certificate)) as host:
        report = world.run([ACME], {"greenhouse": host.base_url})
        assert bool(host.asked) == (failure_class is None)
    assert world.snapshots()["greenhouse/acme"].failure_class == failure_class
    assert report.failures == ({failure_class: 1} if failure_class else {})


def test_fault_12_a_redirect_to_http_is_refused(world, trusted):
    with FaultServer({JOBS: GOOD}) as plain:
        answers = {JOBS: to(f"{plain.base_url}{JOBS}")}
        with FaultServer(answers, trusted.certificate()) as host:
            bases = {"greenhouse": host.base_url, "lever": plain.base_url}
            world.run([ACME], bases)
        assert plain.asked == []
    assert world.snapshots()["greenhouse/acme"].failure_class == "redirect"
    assert "from https to http" in world.snapshots()["greenhouse/acme"].reason


def test_fault_2_a_closed_port_is_tried_three_times(world):
    with socket.socket() as taken, FaultServer({OTHER_JOBS: lever([7])}) as fine:
        taken.bind(("127.0.0.1", 0))  # and doesn't listen
        bases = {
            "greenhouse": f"http://127.0.0.1:{taken.getsockname()[1]}",
            "lever": fine.base_url,
        }
        report = world.run([ACME, OTHER], bases)
    assert (report.ok, report.failures) == (1, {"robots": 1})
    assert "refused" in world.snapshots()["greenhouse/acme"].reason


def test_fault_4_one_byte_at_a_time_ends_at_the_deadline(world, monkeypatch):
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 0.4)
    monkeypatch.setattr(settings, "RETRIES", 0)
    slow = {JOBS: Reply(body=GOOD.body, end="drip")}
    with FaultServer(slow) as host, FaultServer({OTHER_JOBS: lever([7])}) as fine:
        report = world.run([ACME, OTHER], {"greenhouse": host.base_url, "lever": fine.base_url})
    assert (report.ok, report.failures) == (1, {"timeout": 1})


def test_fault_20_a_body_that_changed_under_its_etag_is_read(world):
    tag = {"ETag": '"same"'}
    answers = {JOBS: Reply(body=GOOD.body, headers=tag)}
    with FaultServer(answers) as host:
        world.run([ACME], {"greenhouse": host.base_url})
        answers[JOBS] = Reply(body=greenhouse([1, 2, 3, 4]).body, headers=tag)
        report = world.run([ACME], {"greenhouse": host.base_url}, night=1)
    assert (report.ok, report.not_modified) == (1, 0)
    assert world.listed("greenhouse", "acme") == {"1", "2", "3", "4"}


# ── names (13, 14) ───────────────────────────────────────────────────────────────────────────────


class Names:
    """A name service that answers as told, each time with the next of its answers."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def create_task(self, coroutine):
        return reactor.event_loop().create_task(coroutine)

    async def getaddrinfo(self, host, port, **_):
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (family[ip_address(one).version], socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]


class Receiver:
    def __init__(self):
        self.addresses = []

    def addressResolved(self, address):  # noqa: N802 - Twisted's name
        self.addresses.append(address.host)

    def resolutionBegan(self, resolution):  # noqa: N802
        """The start is of no interest."""

    def resolutionComplete(self):  # noqa: N802
        """Nor is the end."""


@pytest.mark.parametrize(
    ("addresses", "connected"),
    [
        (["93.184.216.34"], ["93.184.216.34"]),
        (["127.0.0.1", "93.184.216.34", "10.0.0.7"], ["93.184.216.34"]),
        (["::1", "::ffff:10.0.0.7", "64:ff9b::7f00:1", "2002:7f00:1::"], []),
        (["169.254.169.254"], []),
    ],
)
def test_fault_13_only_vetted_addresses_are_handed_on(addresses, connected):
    guard, receiver = GuardedResolver(Names(addresses)), Receiver()
    reactor.run(guard._resolve(receiver, "acme.example", 443))
    assert receiver.addresses == connected
    assert guard.failures == ({} if connected == addresses else {"acme.example": "refused"})


def test_fault_13_a_name_that_changes_its_answer_gains_nothing():
    """Rebinding: each connection is to an address that was vetted for it."""
    names = Names(["93.184.216.34"], ["127.0.0.1"])
    guard = GuardedResolver(names)
    found = []
    for _ in range(2):
        receiver = Receiver()
        reactor.run(guard._resolve(receiver, "acme.example", 443))
        found.append(receiver.addresses)
    assert found == [["93.184.216.34"], []]


def test_fault_16_a_homograph_is_asked_for_by_its_ascii_name(world, monkeypatch):
    monkeypatch.setenv("VPOE_CONTACT", "https://crawler.invalid/about")
    for name in ("RETRY_BACKOFF", "DELAY"):
        monkeypatch.setattr(settings, name, 0)
    names = Names(["127.0.0.1"])
    monkeypatch.setattr(reactor.resolver(), "loop", names)
    board = row("jsonld", "acme", url="https://еxample.invalid/sitemap.xml")
    report = world.run([board], {})
    assert set(names.asked) == {"xn--xample-2of.invalid"}
    assert report.failures == {"refused": 1}


# ── memory (5 to 8) ──────────────────────────────────────────────────────────────────────────────


def _peak_of(root, base_urls, boards, pipe):
    """The peak of memory, in bytes, before and after a night over these boards."""
    world = World(root)
    world.run(boards[:1], base_urls)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = world.run(boards, base_urls, night=1)
    pipe.send(
        (1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before), report.failures)
    )


FLOODS = {
    "endless": Reply(body=b" " * 65_536, end="endless"),
    "50 MB": Reply(body=b"[" + b" " * 50 * 2**20 + b"]"),
    "gzip bomb": Reply(body=BOMB, headers=GZIP),
}


@pytest.mark.parametrize("name", FLOODS)
def test_faults_5_to_7_memory_is_bounded_by_the_cap(tmp_path, name):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    boards = [OTHER, ACME]
    with ExitStack() as stack:
        host = stack.enter_context(FaultServer({JOBS: FLOODS[name]}))
        fine = stack.enter_context(FaultServer({OTHER_JOBS: lever([7])}))
        bases = {"greenhouse": host.base_url, "lever": fine.base_url}
        process = context.Process(target=_peak_of, args=(tmp_path, bases, boards, theirs))
        process.start()
        theirs.close()
        grown, failures = ours.recv()
        process.join()
    assert failures == {"too_large": 1}
    assert grown < 3 * settings.DOWNLOAD_MAXSIZE


# ── what a list and its pages say ────────────────────────────────────────────────────────────────


def test_fault_52_an_id_is_never_a_file_name(world):
    ids = ["../../x", "CON", "a" * 4_096, "/etc/passwd", "x\x00y"]
    before = {path.name for path in world.root.parent.iterdir()}
    with FaultServer({JOBS: greenhouse(ids)}) as host:
        world.run([ACME], {"greenhouse": host.base_url})
    assert len(world.listed("greenhouse", "acme")) == len(ids)
    assert {path.name for path in world.root.parent.iterdir()} == before | {"data"}
    names = {path.name for path in world.root.rglob("*")}
    assert not any(one in name for one in ("passwd", "CON", "aaaa") for name in names)


@pytest.mark.parametrize("night_after", [False, True])
def test_fault_72_a_page_without_its_ad_closes(world, night_after):
    """At 200: the page says that it is filled, or shows the list in its place."""
    gone = b"<html><title>Careers</title><p>This position is no longer available</p></html>"
    pages = {"a": "2026-01-01", "b": "2026-01-01"}
    answers = {f"/acme.example/jobs/{name}": job_page("CTO") for name in pages}
    answers["/acme.example/sitemap.xml"] = sitemap("acme", pages)
    board = row("jsonld", "acme")
    with FaultServer(answers) as host:
        world.run([board], {"jsonld": host.base_url})
        answers["/acme.example/jobs/a"] = Reply(body=gone, content_type="text/html")
        answers["/acme.example/sitemap.xml"] = sitemap("acme", {**pages, "a": "2026-01-02"})
        report = world.run([board], {"jsonld": host.base_url}, night=1)
        if night_after:
            report = world.run([board], {"jsonld": host.base_url}, night=2)
    assert report.ok == 1
    assert world.listed("jsonld", "acme") == {"https://acme.example/jobs/b"}


def test_fault_76_a_sitemap_that_names_itself_is_read_once(world):
    entry = "<sitemap><loc>https://acme.example/sitemap.xml</loc></sitemap>"
    index = f"<sitemapindex>{entry}{entry}</sitemapindex>"
    more = index.replace(entry, 2 * entry.replace("/sitemap.xml", "/jobs.xml"), 1)
    answers = {
        "/acme.example/sitemap.xml": Reply(body=more.encode(), content_type="application/xml"),
        "/acme.example/jobs.xml": sitemap("acme", {"1": "2026-01-01"}),
        "/acme.example/jobs/1": job_page("CTO"),
    }
    with FaultServer(answers) as host:
        report = world.run([row("jsonld", "acme")], {"jsonld": host.base_url})
        assert {path: host.paths[path] for path in answers} == dict.fromkeys(answers, 1)
    assert report.ok == 1

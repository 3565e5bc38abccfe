"""What the crawl leaves alone, recognises, and tells its operator. All invented."""

import pytest

from crawler import settings
from crawler.errors import ExitCode
from crawler.reservations import TDMREP_PATH, is_reserved, parse_tdmrep
from tests.faults import FaultServer, Reply, World, gh_path, greenhouse, job_page, row, sitemap

ACME, GLOBEX = row("greenhouse", "acme"), row("greenhouse", "globex")
GOOD = greenhouse([1, 2, 3])


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "data")


# ── reservations ─────────────────────────────────────────────────────────────────────────────────


def with_headers(**headers):
    return Reply(body=GOOD.body, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize(
    ("reply", "is_kept"),
    [
        (with_headers(tdm_reservation="1"), False),
        (with_headers(TDM_Reservation=" 1"), False),
        (with_headers(tdm_reservation="0"), True),
        (with_headers(tdm_policy="https://acme.invalid/policy"), True),
        (with_headers(X_Robots_Tag="noindex, noai"), False),
        (with_headers(X_Robots_Tag="vpoe: noai"), False),
        (with_headers(X_Robots_Tag="otherbot: noai"), True),
        (with_headers(X_Robots_Tag="noimageai, noindex"), True),
    ],
)
def test_a_reserved_board_is_skipped_and_closes_nothing(world, reply, is_kept):
    answers = {gh_path("acme"): GOOD, gh_path("globex"): GOOD}
    with FaultServer(answers) as host:
        world.run([ACME, GLOBEX], {"greenhouse": host.base_url})
        answers[gh_path("acme")] = reply
        report = world.run([ACME, GLOBEX], {"greenhouse": host.base_url}, night=1)
    assert report.failures == ({} if is_kept else {"reserved": 1})
    assert report.exit_code == (ExitCode.OK if is_kept else ExitCode.NOT_PUBLISHED)
    assert world.snapshots(1)["greenhouse/globex"].status == "ok"
    assert world.listed("greenhouse", "acme") == {"1", "2", "3"}


def test_a_source_that_gave_leave_is_read(world, monkeypatch):
    monkeypatch.setattr(settings, "LICENSED_SOURCES", frozenset({"greenhouse"}))
    with FaultServer({gh_path("acme"): with_headers(tdm_reservation="1")}) as host:
        assert world.run([ACME], {"greenhouse": host.base_url}).ok == 1
        assert host.paths[TDMREP_PATH] == 0


@pytest.mark.parametrize(
    ("meta", "is_kept"),
    [
        ('<meta name="tdm-reservation" content="1">', False),
        ("<META content='1' name=tdm-reservation />", False),
        ('<meta name="robots" content="noai, noimageai">', False),
        ('<meta name="tdm-reservation" content="0">', True),
        ('<meta name="robots" content="noindex">', True),
        ('<meta name="description" content="noai">', True),
    ],
)
def test_meta_tags_of_a_page_reserve_its_text(world, meta, is_kept):
    page = job_page("CTO", "the reserved words")
    page = Reply(
        body=page.body.replace(b"<html>", f"<html>{meta}".encode()), content_type="text/html"
    )
    answers = {
        "/acme.example/sitemap.xml": sitemap("acme", {"a": "2026-01-01", "b": "2026-01-01"}),
        "/acme.example/jobs/a": page,
        "/acme.example/jobs/b": job_page("VP of Engineering"),
    }
    with FaultServer(answers) as host:
        world.run([row("jsonld", "acme")], {"jsonld": host.base_url})
    snapshot = world.snapshots()["jsonld/acme"]
    assert snapshot.status == ("ok" if is_kept else "partial")
    texts = world.query("select description_html from raw.contents order by 1")
    assert (("the reserved words",) in texts) is is_kept
    assert ("reserved" in (snapshot.reason or "")) is not is_kept


@pytest.mark.parametrize(
    ("answer", "is_kept"),
    [
        (Reply(body=b'[{"location": "/v1/boards/acme/*", "tdm-reservation": 1}]'), False),
        (Reply(body=b'[{"location": "/v2", "tdm-reservation": 1}]'), True),
        (Reply(404), True),
        (Reply(500), True),  # silence reserves nothing
        (Reply(body=b"<html>no such page</html>", content_type="text/html"), True),
        (Reply(body=b'{"location": "/"}'), True),
    ],
    ids=["reserved", "elsewhere", "404", "500", "a page", "no list"],
)
def test_tdmrep_json_is_read_once_for_all_boards_of_a_host(world, answer, is_kept):
    answers = {gh_path("acme"): GOOD, gh_path("globex"): GOOD, TDMREP_PATH: answer}
    with FaultServer(answers) as host:
        report = world.run([ACME, GLOBEX], {"greenhouse": host.base_url})
        assert host.paths[TDMREP_PATH] == 1
        assert host.paths[gh_path("acme")] == is_kept
    assert report.failures == ({} if is_kept else {"reserved": 1})


@pytest.mark.parametrize(
    ("path", "rows", "expected"),
    [
        ("/jobs", [], False),
        ("/jobs", [("/", 1)], True),
        ("/jobs", [("/", 1), ("/jobs", 0)], False),  # the longest pattern decides
        ("/jobs/1", [("/jobs$", 1)], False),
        ("/jobs", [("/jobs$", 1)], True),
        ("/en/jobs?page=2", [("/*/jobs", 1)], True),
        ("/jobs", [("/jobs", "1")], True),
        ("/jobs", [("/jobs", 2)], False),
        ("/j.bs", [("/j?bs", 1)], False),  # no wildcard but the asterisk
    ],
)
def test_locations_of_tdmrep_json(path, rows, expected):
    body = [{"location": where, "tdm-reservation": what} for where, what in rows]
    assert is_reserved(path, parse_tdmrep(str(body).replace("'", '"').encode())) is expected

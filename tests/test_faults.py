"""Whatever a host sends, its board gets one status and nothing closes (method 3.4). All invented."""

import gzip
import json
from types import SimpleNamespace

import pytest

from crawler import settings
from crawler.errors import ExitCode
from crawler.politeness import retry_after
from crawler.run import utc_now
from crawler.spiders import hackernews, lever
from tests.faults import FaultServer, Reply, World, gh_path, greenhouse, job_page, row, sitemap
from tests.faults import lever as lever_board
from tests.servers import self_signed

ACME, OTHER = row("greenhouse", "acme"), row("lever", "other")
JOBS, OTHER_JOBS = gh_path("acme"), "/v0/postings/other"
GOOD = greenhouse([1, 2, 3])
GZIP = {"Content-Encoding": "gzip"}
PACKED = gzip.compress(GOOD.body)
BOMB = gzip.compress(bytes(50 * 2**20))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "data")


def to(location: str) -> Reply:
    return Reply(302, headers={"Location": location})


FAILURES = [
    # name, reply, failure class, requests (robots.txt left out)
    ("404", Reply(404), "http_404", 1),
    ("410", Reply(410), "http_410", 1),
    ("403", Reply(403), "http_4xx", 1),
    ("500", Reply(500), "http_5xx", 3),
    ("503", Reply(503, headers={"Retry-After": "0"}), "http_5xx", 3),
    ("429", Reply(429), "http_429", 3),
    ("429 asks for a day", Reply(429, headers={"Retry-After": "86400"}), "http_429", 1),
    ("204", Reply(204), "status", 1),
    ("201", Reply(201, GOOD.body), "status", 1),
    ("206", Reply(206, GOOD.body), "status", 1),
    ("999", Reply(999, GOOD.body), "status", 1),
    ("reset mid-body", Reply(body=GOOD.body, sent=20, end="reset"), "truncated", 3),
    ("Content-Length is too long", Reply(body=GOOD.body, sent=20, end="close"), "truncated", 3),
    ("header of 1 MB", Reply(headers={"X-Long": "x" * 2**20}), "refused", 3),
    ("redirect loop", to(JOBS), "redirect", 11),
    ("redirects back and forth, with a cookie", lambda asked: Reply(302, headers={"Location": f"{JOBS}{'' if asked.query == 'b' else '?b'}", "Set-Cookie": "seen=1"}), "redirect", 11),
    ("redirect to gopher", to("gopher://127.0.0.1/"), "redirect", 1),
    ("redirect to ftp", to("ftp://127.0.0.1/"), "redirect", 1),
    ("redirect to a script", to("javascript:alert(1)"), "redirect", 1),
    ("redirect with backslashes", to("http:\\\\127.0.0.2\\"), "http_404", 1),
    ("redirect with a tab and a new line", to("http://127.0.\t0.2/%0a"), "refused", 1),
    ("redirect of 10 kB", to("http://127.0.0.2/" + "x" * 10_000), "refused", 1),
    ("redirect to 6to4", to("http://[2002:7f00:1::]/"), "refused", 1),
    ("redirect to a link-local address", to("http://169.254.169.254/latest/meta-data/"), "refused", 1),
    ("redirect to a file", to("file:///etc/passwd"), "redirect", 1),
    ("redirect to data", to("data:application/json,{}"), "redirect", 1),
    ("redirect to a port", to("http://127.0.0.1:22/"), "redirect", 1),
    ("redirect with credentials", to("http://user:secret@127.0.0.1/"), "redirect", 1),
    ("redirect to no address", to("http://[::1/"), "redirect", 1),
    ("redirect to no port", to("http://127.0.0.1:99999/"), "redirect", 1),
    ("redirect to a private host", to("http://127.0.0.2/"), "refused", 1),
    ("redirect to a mapped address", to("http://[::ffff:127.0.0.1]/"), "refused", 1),
    ("redirect to NAT64", to("http://[64:ff9b::7f00:1]/"), "refused", 1),
    ("endless", Reply(body=b" " * 65536, end="endless"), "too_large", 1),
    ("gzip bomb", Reply(body=BOMB, headers=GZIP), "too_large", 1),
    ("gzip, cut", Reply(body=PACKED[:-12], headers=GZIP), "truncated", 3),
    ("gzip twice", Reply(body=gzip.compress(PACKED), headers={"Content-Encoding": "gzip, gzip"}), "encoding", 1),
    ("gzip in gzip", Reply(body=gzip.compress(PACKED), headers=GZIP), "encoding", 1),
    ("gzip, broken", Reply(body=b"\x1f\x8b\x08\x00" + b"\xff" * 40, headers=GZIP), "encoding", 1),
    ("brotli", Reply(body=GOOD.body, headers={"Content-Encoding": "br"}), "encoding", 1),
    ("no text", Reply(body=b"\xff\xff\xfe\x81\x00\xa0" * 50), "encoding", 1),
    ("wall", Reply(body=b"<html><title>Just a moment...</title></html>", content_type="text/html"), "wall", 1),
    ("maintenance page", Reply(body=b"<html>Back soon</html>"), "format", 1),
    ("renamed key", Reply(body=b'{"vacancies": []}'), "format", 1),
    ("no body", Reply(), "format", 1),
    ("null", Reply(body=b"null"), "format", 1),
    ("a bare list", Reply(body=b"[]"), "format", 1),
    ("login page", Reply(body=b"<html><title>Log in to Acme</title></html>", content_type="text/html"), "wall", 1),
    ("consent page", Reply(body=b"<html><title>Before you continue</title></html>", content_type="text/html"), "wall", 1),
    ("white space", Reply(body=b"  \n"), "format", 1),
    ("nested too deep", Reply(body=b"[" * 100_000), "format", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "failure_class", "requests"),
    [case[1:] for case in FAILURES],
    ids=[case[0] for case in FAILURES],
)
def test_a_fault_fails_its_board_and_closes_nothing(world, reply, failure_class, requests):
    answers = {JOBS: GOOD}
    with FaultServer(answers) as host, FaultServer({OTHER_JOBS: lever_board([7])}) as fine:
        base_urls = {"greenhouse": host.base_url, "lever": fine.base_url}
        world.run([ACME, OTHER], base_urls)
        host.paths.clear()
        answers[JOBS] = reply
        report = world.run([ACME, OTHER], base_urls, night=1)
        asked, sent = host.paths[JOBS], host.sent_bytes
    snapshot = world.snapshots(1)["greenhouse/acme"]
    assert (snapshot.status, snapshot.failure_class) == ("failed", failure_class), snapshot.reason
    assert asked == requests
    assert sent < 2 * settings.DOWNLOAD_MAXSIZE  # an endless answer is cut while it comes
    assert world.listed("greenhouse", "acme") == {"1", "2", "3"}
    assert world.snapshots(1)["lever/other"].status == "ok"
    assert report.failures == {failure_class: 1}
    assert report.failed_boards[0].startswith(f"greenhouse/acme: {failure_class}: ")
    assert "secret" not in report.failed_boards[0]


PACKINGS = [
    ("gzip", Reply(body=PACKED, headers=GZIP)),
    ("gzip, unsaid", Reply(body=PACKED)),
    ("gzip, only said", Reply(body=GOOD.body, headers=GZIP)),
    ("two members", Reply(body=gzip.compress(GOOD.body[:50]) + gzip.compress(GOOD.body[50:]), headers=GZIP)),
    ("padded", Reply(body=PACKED + bytes(8), headers=GZIP)),
    ("identity", Reply(body=GOOD.body, headers={"Content-Encoding": "identity"})),
    ("cp932 as utf-8", Reply(body=json.dumps({"jobs": [{"id": n, "title": "開発部長" * 9} for n in (1, 2, 3)]}, ensure_ascii=False).encode("cp932"))),
    ("EUC-JP as utf-8", Reply(body=json.dumps({"jobs": [{"id": n, "title": "エンジニア採用" * 9} for n in (1, 2, 3)]}, ensure_ascii=False).encode("euc_jp"))),
    ("with a BOM", Reply(body=b"\xef\xbb\xbf" + GOOD.body)),
    ("on the third try", [Reply(500), Reply(body=GOOD.body, sent=9, end="close"), GOOD]),
    ("behind ten redirects", [*[to(JOBS)] * 10, GOOD]),
]  # fmt: skip


@pytest.mark.parametrize(
    "reply", [case[1] for case in PACKINGS], ids=[case[0] for case in PACKINGS]
)
def test_what_is_only_odd_is_read(world, reply):
    with FaultServer({JOBS: reply}) as host:
        world.run([ACME], {"greenhouse": host.base_url})
    assert world.snapshots()["greenhouse/acme"].status == "ok"
    assert world.listed("greenhouse", "acme") == {"1", "2", "3"}


def test_a_silent_host_times_out_and_others_are_read(world, monkeypatch):
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 0.1)
    with (
        FaultServer({JOBS: Reply(end="silent")}) as host,
        FaultServer({OTHER_JOBS: lever_board([7])}) as fine,
    ):
        world.run([ACME, OTHER], {"greenhouse": host.base_url, "lever": fine.base_url})
        assert host.paths[JOBS] == 1 + settings.RETRIES
    found = world.snapshots()
    assert found["greenhouse/acme"].failure_class == "timeout"
    assert found["lever/other"].status == "ok"


def test_the_time_of_a_board_ends_it_alone(world, monkeypatch):
    monkeypatch.setattr(settings, "BOARD_SECONDS", 0.3)
    slow = {"/acme.example/sitemap.xml": sitemap("acme", {"1": "2026-01-01", "2": "2026-01-01"})}
    slow |= {"/acme.example/jobs/1": job_page("CTO"), "/acme.example/jobs/2": Reply(end="silent")}
    with FaultServer(slow) as host:
        world.run([row("jsonld", "acme")], {"jsonld": host.base_url})
    snapshot = world.snapshots()["jsonld/acme"]
    assert (snapshot.status, snapshot.parsed_postings) == ("partial", 1)


def test_a_self_signed_certificate_is_not_accepted(world, tmp_path):
    with FaultServer({JOBS: GOOD}, self_signed(tmp_path)) as host:
        world.run([ACME], {"greenhouse": host.base_url})
        assert host.asked == []  # neither over TLS nor, as a fallback, without it
    assert world.snapshots()["greenhouse/acme"].failure_class == "tls"


@pytest.mark.parametrize(
    ("value", "waited"),
    [
        ("7", 7),
        ("-5", 0),
        ("soon", 0),  # the usual patience, which is none on loopback
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("3600", 3600),
        ("3601", None),  # more than an hour: the host is left for tonight
        ("9" * 400, None),
    ],
)
def test_retry_after_is_waited_for_up_to_an_hour(world, monkeypatch, value, waited):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    monkeypatch.setattr("crawler.politeness.asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(settings, "BOARD_SECONDS", 2 * 3600)
    reply = Reply(429, headers={"Retry-After": value})
    with FaultServer({JOBS: reply}) as host:
        world.run([ACME], {"greenhouse": host.base_url})
        assert host.paths[JOBS] == 1 if waited is None else 3
    assert waits == ([] if waited is None else [waited, waited])
    assert world.snapshots()["greenhouse/acme"].failure_class == "http_429"


def test_retry_after_with_a_date_that_no_calendar_has():
    assert retry_after("Thu, 01 Jan 99999 00:00:00 GMT", utc_now()) is None


def test_429_of_every_tenant_is_one_storm(world):
    tenants = [row("greenhouse", f"tenant{n}") for n in range(12)]
    with FaultServer({gh_path(one.board): Reply(429) for one in tenants}) as host:
        report = world.run(tenants, {"greenhouse": host.base_url})
        assert host.boards_asked == settings.BREAKER_RUN
    assert report.failures == {"http_429": 12}
    assert report.exit_code == ExitCode.NOT_PUBLISHED


# ── lists of several pages ───────────────────────────────────────────────────────────────────────


def pages(monkeypatch, answers, next_of):
    """Let lever, which has one page, follow `next_of` a page's number."""

    def page_after(listing, address):
        number = int(address.partition("page=")[2] or 1)
        return listing.model_copy(update={"next_url": next_of(number)})

    monkeypatch.setattr(lever.LeverSpider, "page_after", staticmethod(page_after))

    def answer(asked):
        number = int(asked.query.partition("page=")[2] or 1)
        return answers(number)

    return answer


LOOPS = [
    ("the same page again and again", lambda _: [1, 2], lambda n: f"?page={n + 1}", {"1", "2"}, 2),
    ("A, B, A, B", lambda n: [1, 2] if n % 2 else [3, 4], lambda n: f"?page={n + 1}", {"1", "2", "3", "4"}, 3),
    ("another host", lambda n: [n], lambda _: "http://127.0.0.9/?page=2", {"1"}, 1),
    ("page 2 is down", lambda n: [n] if n == 1 else None, lambda n: f"?page={n + 1}", {"1"}, 4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "next_of", "listed", "requests"),
    [case[1:] for case in LOOPS],
    ids=[case[0] for case in LOOPS],
)
def test_a_list_without_end_is_partial_and_closes_nothing(
    world, monkeypatch, ids, next_of, listed, requests
):
    def answer(number):
        found = ids(number)
        return Reply(500) if found is None else lever_board(found)

    with FaultServer({OTHER_JOBS: pages(monkeypatch, answer, next_of)}) as host:
        world.run([OTHER], {"lever": host.base_url})
        assert host.boards_asked == requests
    assert world.snapshots()["lever/other"].status == "partial"
    assert world.listed("lever", "other") == listed


def test_pages_without_number_end_at_the_cap(world, monkeypatch):
    monkeypatch.setattr(settings, "BOARD_PAGES", 7)
    answer = pages(monkeypatch, lambda n: lever_board([n]), lambda n: f"?page={n + 1}")
    with FaultServer({OTHER_JOBS: answer}) as host:
        world.run([OTHER], {"lever": host.base_url})
        assert host.boards_asked == 7
    snapshot = world.snapshots()["lever/other"]
    assert (snapshot.status, snapshot.reason) == ("partial", "more than 7 list pages")


def test_the_requests_of_a_board_are_capped(world, monkeypatch):
    monkeypatch.setattr(settings, "BOARD_REQUESTS", 4)
    names = {str(n): "2026-01-01" for n in range(9)}
    answers = {f"/acme.example/jobs/{name}": job_page("CTO") for name in names}
    with FaultServer({**answers, "/acme.example/sitemap.xml": sitemap("acme", names)}) as host:
        world.run([row("jsonld", "acme")], {"jsonld": host.base_url})
        assert host.boards_asked == 4
    snapshot = world.snapshots()["jsonld/acme"]
    assert (snapshot.status, snapshot.parsed_postings) == ("partial", 3)


# ── detail pages ─────────────────────────────────────────────────────────────────────────────────


def test_a_wall_before_the_details_keeps_what_was_known(world):
    names = dict.fromkeys("abc", "2026-01-01")
    answers = {f"/acme.example/jobs/{name}": job_page("CTO") for name in names}
    answers["/acme.example/sitemap.xml"] = sitemap("acme", names)
    board = row("jsonld", "acme")
    with FaultServer(answers) as host:
        world.run([board], {"jsonld": host.base_url})
        answers["/acme.example/sitemap.xml"] = sitemap("acme", dict.fromkeys("abcd", "2026-01-02"))
        answers["/acme.example/jobs/a"] = Reply(
            body=b"<html><title>Just a moment...</title>", content_type="text/html"
        )
        world.run([board], {"jsonld": host.base_url}, night=1)
    assert world.snapshots(1)["jsonld/acme"].status == "partial"
    assert len(world.listed("jsonld", "acme")) == 3  # the list names them: they are seen


# ── an index ─────────────────────────────────────────────────────────────────────────────────────

HN = row("hackernews", "whoishiring")
SEARCH = "/api/v1/search_by_date"


def threads(months):
    hits = [
        {"objectID": str(n), "title": f"Ask HN: Who is hiring? ({month} 2026)"}
        for n, month in enumerate(months, 1)
    ]
    answers = {SEARCH: Reply(body=json.dumps({"hits": hits}).encode())}
    for n, hit in enumerate(hits, 1):
        comment = {"id": n * 10, "text": "Acme | VP of Engineering | Remote", "children": []}
        thread = {"title": hit["title"], "children": [comment]}
        answers[f"/api/v1/items/{n}"] = Reply(body=json.dumps(thread).encode())
    return answers


def test_no_index_is_read_after_the_deadline(world):
    with FaultServer(threads(["January", "February"])) as host:
        base_urls = {"hackernews": host.base_url}
        report = world.run([HN], base_urls, seconds=0)
        assert (report.failed, host.boards_asked) == (0, 0)
        assert report.exit_code == ExitCode.NOT_PUBLISHED
        report = world.run([HN], base_urls)
    assert (report.planned, report.ok, report.exit_code) == (2, 2, ExitCode.OK)


def test_an_index_that_is_read_at_the_second_try_is_forgiven(world):
    answers = threads(["January", "February"])
    good = answers[SEARCH]
    with FaultServer(answers) as host:
        answers[SEARCH] = Reply(404)
        world.run([HN], {"hackernews": host.base_url})
        answers[SEARCH] = good
        report = world.run([HN], {"hackernews": host.base_url}, retry_failed=True)
    assert (report.planned, report.ok, report.failed) == (2, 2, 0)


@pytest.mark.parametrize("is_index", [True, False], ids=["index", "thread"])
def test_a_bug_in_a_parser_of_units_is_a_crash_with_a_status(world, monkeypatch, is_index):
    def broken(_body):
        raise ZeroDivisionError("a bug")

    name = "parse_index" if is_index else "parse_listing"
    monkeypatch.setattr(hackernews.HackerNewsSpider, name, staticmethod(broken))
    with FaultServer(threads(["January"])) as host, FaultServer({JOBS: GOOD}) as fine:
        report = world.run([HN, ACME], {"hackernews": host.base_url, "greenhouse": fine.base_url})
    assert (report.ok, report.failures) == (1, {"crash": 1})

"""What the crawl leaves alone, recognises, and tells its operator. All invented."""

import json

import pytest

from crawler import bodies, settings
from crawler.churn import new_aliases, renamed
from crawler.errors import ConfigurationError, ExitCode
from crawler.optout import OptOutList
from crawler.reservations import TDMREP_PATH, is_reserved, parse_tdmrep
from pipeline.nightly import extract_new
from tests.faults import FaultServer, Reply, World, gh_path, greenhouse, job_page, row, sitemap
from warehouse.build import build
from warehouse.checks import run_checks
from warehouse.store import Observation

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
    assert is_reserved(path, parse_tdmrep(json.dumps(body).encode())) is expected


# ── opting out ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def opt_outs(tmp_path):
    def write(*rows):
        path = tmp_path / "optout.csv"
        lines = [f"{row},2026-03-16,invented" for row in rows]
        path.write_text("\n".join(["kind,name,added_date,note", *lines]) + "\n")
        return path

    return write


def secretive(ids):
    return greenhouse(ids, text="<p>the words of acme</p>")


@pytest.mark.parametrize(
    ("entry", "is_read"),
    [
        ("board,greenhouse/acme", False),
        ("employer,ACME (invented)", False),
        ("host,127.0.0.1", True),  # not the address of the source, but of its stand-in
        ("host,boards-api.greenhouse.io", False),
        ("host,greenhouse.io", False),
        ("host,house.io", True),
        ("board,greenhouse/acm", True),
        ("board,lever/acme", True),
    ],
)
def test_who_opted_out_is_not_planned(world, opt_outs, entry, is_read):
    with FaultServer({gh_path("acme"): GOOD}) as host:
        report = world.run([ACME], {"greenhouse": host.base_url}, opt_out_csv=opt_outs(entry))
        is_stand_in = entry == "host,127.0.0.1"
        assert host.paths[gh_path("acme")] == (is_read and not is_stand_in)
    assert report.planned == is_read
    assert report.off == ({} if is_read else {"opted out": 1})
    assert report.failures == ({"opted_out": 1} if is_stand_in else {})


def test_an_opt_out_during_a_run_holds_at_once_and_purges(world, opt_outs):
    """The store, the kept bodies and what was extracted lose the words; the counts stay."""
    path = opt_outs()

    def ask(_asked):
        opt_outs("board,greenhouse/globex", "employer,acme (invented)")
        return GOOD

    answers = {gh_path("acme"): secretive([1, 2]), gh_path("globex"): GOOD, gh_path("hooli"): GOOD}
    boards = [ACME, row("greenhouse", "hooli"), GLOBEX]
    with FaultServer(answers) as host:
        world.run(boards[:2], {"greenhouse": host.base_url}, opt_out_csv=path)
        extract_new(world.workspace)
        answers[gh_path("hooli")] = ask
        # Whoever was read longest ago comes first: globex never was.
        report = world.run(
            [row("greenhouse", "hooli"), ACME], {"greenhouse": host.base_url}, 1, opt_out_csv=path
        )
        assert host.paths[gh_path("acme")] == 1
    assert report.failures == {"opted_out": 1}
    assert report.purged == ["greenhouse/acme: 2 texts, bodies of 1 nights"]
    assert world.listed("greenhouse", "acme") == {"1", "2"}
    assert world.query("select count(*) from raw.contents where title = ''") == [(2,)]
    assert world.query("select board, texts from raw.purges") == [("acme", 2)]
    named = "select count(*) from raw.boards where employer like 'acme%'"
    assert world.query(named) == [(0,)]
    kept = bodies.read_night(world.workspace.bodies, bodies.nights(world.workspace.bodies)[0])
    assert set(kept) == {("greenhouse", "hooli")}
    extract_new(world.workspace)
    build(world.workspace)
    failed = [one.check.name for one in run_checks(world.workspace.new_warehouse) if one.rows]
    assert failed == ["newest_night_was_seen"]  # half of the boards opted out in it
    again = world.run(boards, {"greenhouse": host.base_url}, 2, opt_out_csv=path, seconds=0)
    assert (again.off, again.purged) == ({"opted out": 2}, [])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("site,acme,2026-01-01,", "optout.csv line 2: .*'site'"),
        ("host,acme.invalid,soon,", "optout.csv line 2: .*'soon'"),
        ("host,acme.invalid", "optout.csv line 2"),
    ],
)
def test_a_broken_list_names_its_line(tmp_path, line, message):
    path = tmp_path / "optout.csv"
    path.write_text(f"kind,name,added_date,note\n{line}\n")
    with pytest.raises(ConfigurationError, match=message):
        OptOutList(path).rows  # noqa: B018 - reading is what is tested


def test_a_list_that_is_gone_lets_nobody_be_asked(tmp_path):
    with pytest.raises(ConfigurationError, match="can't be read"):
        OptOutList(tmp_path / "optout.csv").rows  # noqa: B018 - reading is what is tested


# ── ids that all change ──────────────────────────────────────────────────────────────────────────


def numbered(ids, texts=None):
    """A board whose n-th posting has the n-th text, whatever its id."""
    jobs = [
        {"id": one, "title": f"Engineer {text}", "content": f"<p>{text}</p>"}
        for one, text in zip(ids, texts or range(1, 99), strict=False)
    ]
    return Reply(body=json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}).encode())


def test_postings_keep_their_ids_when_the_board_numbers_them_anew(world):
    """Method fault 66: 0 new, 0 closed, an alarm; what follows is read under the first ids."""
    answers = {gh_path("acme"): numbered([1, 2, 3, 4, 5])}
    counts = []
    nights = [
        numbered([11, 12, 13, 14, 15]),
        numbered([11, 12, 13, 14], [1, 2, 3, 40]),  # one is edited, one closes
        numbered([21, 22, 23, 24, 25], [1, 2, 3, 40, 6]),  # again, and one more opens
    ]
    with FaultServer(answers) as host:
        world.run([ACME], {"greenhouse": host.base_url})
        for number, answers[gh_path("acme")] in enumerate(nights, 1):
            report = world.run([ACME], {"greenhouse": host.base_url}, night=number)
            alarms = [notice for notice in report.notices if notice.startswith("id churn")]
            counts.append((report.ok, len(alarms), sorted(world.listed("greenhouse", "acme"))))
    assert counts == [
        (1, 1, ["1", "2", "3", "4", "5"]),
        (1, 0, ["1", "2", "3", "4"]),
        (1, 1, ["1", "2", "25", "3", "4"]),
    ]
    aliases = "select alias, posting_id from raw.aliases order by 1"
    assert world.query(aliases) == [  # were 15 listed again, it would be 5
        *(("15", "5"), ("21", "1"), ("22", "2"), ("23", "3"), ("24", "4"))
    ]
    closed = "select posting_id from raw.observations where not is_listed"
    assert world.query(closed) == [("5",)]


def test_pages_read_under_an_alias_are_not_read_again(world):
    pages = {
        f"/acme.example/jobs/{n}{name}": job_page(f"CTO {name}") for n in "12" for name in "abc"
    }
    days = dict.fromkeys(["1a", "1b", "1c"], "2026-01-01")
    answers = {**pages, "/acme.example/sitemap.xml": sitemap("acme", days)}
    with FaultServer(answers) as host:
        for number, prefix in enumerate("122"):
            days = {f"{prefix}{name}": "2026-01-01" for name in "abc"}
            days |= {"2x": "2026-01-01"} if number == 2 else {}
            answers["/acme.example/sitemap.xml"] = sitemap("acme", days)
            answers["/acme.example/jobs/2x"] = job_page("VP of Engineering")
            world.run([row("jsonld", "acme")], {"jsonld": host.base_url}, night=number)
        assert {host.paths[path] for path in pages} == {1}
    assert len(world.listed("jsonld", "acme")) == 4
    assert world.query("select count(*) from raw.aliases") == [(3,)]


@pytest.mark.parametrize(
    ("before", "now", "aliases"),
    [
        ("1a 2b 3c", "4a 5b 6c", {"4": "1", "5": "2", "6": "3"}),
        ("1a 2a 3a", "4a 5a 6a", {"4": "1", "5": "2", "6": "3"}),  # equal texts, in their order
        ("1a 2b 3c 4d 5e 6f 7g 8h 9i", "11a 12b 13c 4d 5e 6f 7g 8h 9i", {"11": "1", "12": "2", "13": "3"}),
        ("1a 2b 3c", "4x 5y 6z", {}),  # other postings
        ("1a 2b 3c 4d 5e", "11a 12b 13c 14d 15x", {}),  # no more than 80 % are equal
        ("1a 2b 3c 4d 5e 6f", "11a 12b 13c 14d 15e 16x", {"11": "1", "12": "2", "13": "3", "14": "4", "15": "5"}),
        ("1a 2b", "4a 5b", {}),  # two reposts
        ("1a 2b 3c 4d 5e 6f 7g 8h 9i 0j", "11a 12b 13c 4d 5e 6f 7g 8h 9i 0j", {}),  # no more than 30 %
        ("1a 2b 3c", "", {}),
        ("", "1a 2b 3c", {}),
    ],
)  # fmt: skip
def test_what_is_churn(before, now, aliases):
    def seen(text):
        return {one[:-1]: Observation(one[:-1], one[-1]) for one in text.split()}

    assert new_aliases(seen(before), seen(now)) == aliases


def test_an_id_that_comes_back_is_its_own():
    seen = [Observation("9", "x"), Observation("1", "y")]
    assert renamed(seen, {"9": "1"}) == {"1": seen[1], "9": seen[0]}
    assert renamed(seen[:1], {"9": "1"}) == {"1": Observation("1", "x")}

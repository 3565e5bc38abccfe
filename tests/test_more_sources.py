"""What the sweep of test_sources.py doesn't say: pages that follow, sources that are off, archives."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import orjson
import pytest

from crawler import backfill, settings
from crawler.boards import Board
from crawler.check_boards import check_board
from crawler.errors import ConfigurationError, ExitCode
from crawler.items import Listing, PostingRef
from crawler.probe import open_probe
from crawler.run import crawl, plan
from crawler.sources import load_spiders
from crawler.spiders import workday
from crawler.spiders.jsonld import is_job_page
from crawler.spiders.workday import page_after, parse_listing, search
from tests import stores
from tests.test_sources import CASES, assert_sane, parser_of, recorded
from warehouse.store import Store
from warehouse.workspace import Workspace

SPIDERS = load_spiders()
TODAY = date(2026, 11, 26)


def board(source: str, name: str, url: str | None = None) -> Board:
    return Board(
        source=source,
        board=name,
        employer="A",
        url=url,
        discovery_reason="user",
        added_date=TODAY,
    )


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "name", "address"),
    [
        ("workday", "acme/wd5/Ext", "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Ext/jobs"),
        ("comeet", "0.1/AB", "https://www.comeet.co/careers-api/2.0/company/0.1/positions?token=AB&details=true"),
        ("eightfold", "acme/acme.com", "https://acme.eightfold.ai/api/apply/v2/jobs?domain=acme.com&num=10&start=0"),
        ("breezy", "a/b", "https://a%2Fb.breezy.hr/json"),
        ("workday", "acme", None),
        ("oracle", "acme", None),
    ],
)  # fmt: skip
def test_address_is_made_of_the_parts_of_the_board(source, name, address):
    spider = SPIDERS[source]
    if address:
        assert spider.board_url(spider.listing_url, board(source, name)) == address
        return
    with pytest.raises(ConfigurationError, match=f"{source}/{name}: .* split by '/'"):
        spider.board_url(spider.listing_url, board(source, name))


def test_request_of_a_source_that_posts_takes_the_body_from_the_fragment():
    spider, address = SPIDERS["workday"], "https://acme.wd5.myworkdayjobs.com/jobs"
    first = {"appliedFacets": {}, "limit": 20, "offset": 0, "searchText": ""}
    assert spider.request_of(address)[0] == address
    assert orjson.loads(spider.request_of(address)[1]) == first
    url, body = spider.request_of(address + search({"jobFamilyGroup": ["g 1#"]}, 40))
    assert url == address
    assert orjson.loads(body) == {
        **first,
        "appliedFacets": {"jobFamilyGroup": ["g 1#"]},
        "offset": 40,
    }
    assert SPIDERS["jsonld"].request_of("https://a.example/#x") == ("https://a.example/#x", None)


# ── what follows a page ──────────────────────────────────────────────────────────────────────────

REFS = tuple(PostingRef(posting_id=str(n), url=str(n)) for n in range(20))
ORACLE = "https://a.fa.us2.oraclecloud.com/x?finder=findReqs;siteNumber=CX_1,limit=25,offset="


@pytest.mark.parametrize(
    ("source", "address", "total", "rows", "following"),
    [
        ("smartrecruiters", "https://a/p?limit=100&offset=0", 50, 20, "https://a/p?limit=100&offset=20"),
        ("smartrecruiters", "https://a/p?limit=100&offset=40", 60, 20, None),
        ("smartrecruiters", "https://a/p?limit=100&offset=0", 20, 20, None),
        ("smartrecruiters", "https://a/p?limit=100&offset=0", None, 0, None),
        ("oracle", ORACLE + "0", None, 20, ORACLE + "20"),
        ("oracle", ORACLE + "20", None, 0, None),
        ("eightfold", "https://a/j?domain=a&num=10&start=90", 500, 10, "https://a/j?domain=a&num=10&start=100"),
        ("phenom", "https://a/search-results", 52, 10, "https://a/search-results?from=10"),
        ("phenom", "https://a/search-results?from=50&s=1", 52, 2, None),
        ("phenom", "https://a/search-results?s=1", 52, 10, "https://a/search-results?s=1&from=10"),
    ],
)  # fmt: skip
def test_page_after_by_offset(source, address, total, rows, following):
    listing = Listing(refs=REFS[:rows], declared_total=total)
    assert SPIDERS[source].page_after(listing, address).next_url == following


GROUPS = [{"facetParameter": "jobFamilyGroup", "values": [{"id": "g1", "count": 1500}, {"id": "g2", "count": 700}]}]  # fmt: skip


def workday_page(rows: int, total: int, facets: object = ()) -> bytes:
    paths = [{"title": "T", "externalPath": f"/job/X/T_R-{n}"} for n in range(rows)]
    return orjson.dumps({"total": total, "jobPostings": paths, "facets": list(facets)})


@pytest.mark.parametrize(
    ("body", "facets", "offset", "total", "following", "parts"),
    [
        # the first page of a small site, a later one, the last, and one that ends on a full page
        (workday_page(20, 44), {}, 0, 44, 20, []),
        (workday_page(20, 0), {}, 20, None, 40, []),
        (workday_page(4, 0), {}, 40, None, 60, []),
        (workday_page(0, 0), {}, 60, None, None, []),
        (workday_page(20, 20), {}, 0, 20, None, []),
        # at the cap: by group, without pages of its own; the groups' pages declare nothing
        (workday_page(20, 2000, GROUPS), {}, 0, 2200, None, ["g1", "g2"]),
        (workday_page(20, 1500, GROUPS), {"jobFamilyGroup": ["g1"]}, 0, None, 20, []),
        (workday_page(20, 2000, GROUPS), {"jobFamilyGroup": ["g1"]}, 0, None, 20, []),
        # an offset of 2,000 would begin again with the first page
        (workday_page(20, 0), {"jobFamilyGroup": ["g1"]}, 1960, None, 1980, []),
        (workday_page(20, 0), {"jobFamilyGroup": ["g1"]}, 1980, None, None, []),
        # at the cap without groups: read as far as it goes, and never all of it
        (workday_page(20, 2000), {}, 0, 2001, 20, []),
        (workday_page(0, 0), {}, 0, 0, None, []),
    ],
)
def test_workday_pages(body, facets, offset, total, following, parts):
    address = "https://a.wd1.myworkdayjobs.com/jobs"
    if facets or offset:
        address += search(facets, offset)
    listing = page_after(parse_listing(body), address)
    assert listing.declared_total == total
    assert listing.next_url == (None if following is None else search(facets, following))
    assert listing.listing_urls == tuple(search({"jobFamilyGroup": [part]}, 0) for part in parts)


def test_pages_know_the_addresses_that_their_rows_lack():
    join = SPIDERS["join"].page_after(Listing(refs=REFS[:1]), "https://join.com/companies/a?page=2")
    assert join.refs[0].url == "a/0"
    oracle = SPIDERS["oracle"].page_after(Listing(refs=REFS[:1]), ORACLE + "0")
    assert oracle.refs[0].url == "0,siteNumber=CX_1"
    address = "https://career5.successfactors.eu/career?company=A&resultType=XML"
    case = next(case for case in CASES if case.parts[-2:] == ("successfactors", "full"))
    parse = SPIDERS["successfactors"].parse_page
    assert parse((case / "body").read_bytes(), address).postings[0].url == (
        "https://career5.successfactors.eu/career?career_ns=job_listing&company=A"
        "&career_job_req_id=135038"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_page_after_leaves_what_was_parsed(case):
    spider, (parse, ref) = SPIDERS[case.parent.name], parser_of(case)
    expected = json.loads((case / "expected.json").read_text())
    if spider.page_after is None or ref or (expected and "error" in expected):
        return
    address = json.loads((case / "meta.json").read_text())["url"]
    body = (case / "body").read_bytes()
    page, bare = spider.parse_page(body, address), parse(body)
    if bare.listing_urls:  # read in parts that have these rows too
        return
    assert [row.posting_id for row in (*page.postings, *page.refs)] == [
        row.posting_id for row in (*bare.postings, *bare.refs)
    ]
    assert page.invalid == bare.invalid


# ── sources that are off ─────────────────────────────────────────────────────────────────────────


def planned(boards: list[Board], crawl_date: date) -> list[str]:
    return [row.board for rows in plan(boards, crawl_date)[0].values() for row in rows]


def test_boards_of_sources_that_are_off_are_skipped_with_the_reason(monkeypatch):
    boards = [board("lever", "a"), board("bamboohr", "b"), board("recruitee", "c")]
    assert planned(boards, TODAY) == ["a", "c"]
    assert plan(boards, TODAY)[2] == {"bamboohr: the terms are reported to forbid automation": 1}
    assert planned(boards, date(2027, 2, 9)) == ["a", "c"]
    assert planned(boards, date(2027, 2, 10)) == ["a"]
    monkeypatch.setattr(settings, "ENABLED_SOURCES", frozenset({"bamboohr"}))
    assert planned(boards, TODAY) == ["a", "b", "c"]
    with pytest.raises(ConfigurationError, match=r"workday/a: .* split by '/'"):
        plan([board("workday", "a")], TODAY)


def test_sources_that_say_no_are_off():
    off = {name for name, spider in SPIDERS.items() if spider.off_on(TODAY)}
    assert off == {"smartrecruiters", "bamboohr", "breezy", "comeet", "hackernews_firebase", "warc"}


def test_check_board_posts_and_leaves_sources_that_are_off_alone():
    asked = []

    def probe(address, accept, post=None, /):
        asked.append((address, accept, post))
        return address, workday_page(2, 2)

    found = check_board(board("workday", "acme/wd5/Ext"), probe)
    assert (found.state, found.postings) == ("live", 2)
    assert asked[0][0].endswith("/wday/cxs/acme/Ext/jobs")
    assert orjson.loads(asked[0][2])["limit"] == 20
    off = check_board(board("breezy", "acme"), probe)
    assert (off.state, len(asked)) == ("failed", 1)
    assert off.reason == "the source is off: the terms are reported to forbid automation"


# ── recorded bodies ──────────────────────────────────────────────────────────────────────────────


def test_recorded_workday_answers(shared):
    bodies = recorded(shared, "workday")
    listing = SPIDERS["workday"].parse_listing(bodies["lubobali_workday_search.json"])
    assert [ref.posting_id for ref in listing.refs] == ["RQ216675", "RQ221571-1", "RQ222489-1", "RQ223218"]  # fmt: skip
    assert (listing.declared_total, listing.listing_urls) == (644, ())
    posting = SPIDERS["workday"].parse_detail(bodies["lubobali_workday_job_detail.json"], listing.refs[0])  # fmt: skip
    assert_sane(posting)
    assert (posting.title, posting.posted_date) == ("Data Engineer", date(2026, 7, 7))
    assert posting.location_text == "USA DC Washington; United States of America"
    assert len(posting.description_html) > 5000


def test_recorded_oracle_answers(shared):
    bodies = recorded(shared, "oracle")
    listing = SPIDERS["oracle"].parse_page(bodies["careerkit_oracle_orc.json"], ORACLE + "0")
    assert [ref.posting_id for ref in listing.refs] == ["25587", "26876"]
    posting = SPIDERS["oracle"].parse_detail(bodies["careerkit_oracle_orc_detail.json"], listing.refs[1])  # fmt: skip
    assert_sane(posting)
    assert (posting.location_text, posting.posted_date) == (
        "Atlanta, GA; Hybrid",
        date(2026, 8, 19),
    )


@pytest.mark.parametrize(
    ("name", "rows", "has_next"),
    [
        ("careerkit_icims.html", 2, False),
        ("jht_icims_emory_search_page1.html", 20, True),
        ("jht_icims_gdms_search_page1.html", 20, True),
        ("jht_icims_matchretail_search_page1.html", 19, False),
    ],
)
def test_recorded_icims_pages(shared, name, rows, has_next):
    listing = SPIDERS["icims"].parse_listing(recorded(shared, "icims")[name])
    assert len(listing.refs) == rows
    assert (listing.next_url is not None) == has_next
    assert all(ref.url.startswith("https://") for ref in listing.refs)


def test_recorded_phenom_page(shared):
    address = "https://careers.example.com/global/en/search-results"
    listing = SPIDERS["phenom"].parse_page(recorded(shared, "phenom")["careerkit_phenom.html"], address)  # fmt: skip
    assert (len(listing.refs), listing.declared_total) == (2, 52)
    assert listing.next_url == address + "?from=2"


def test_recorded_successfactors_feed_is_repaired(shared):
    (body,) = recorded(shared, "successfactors").values()
    listing = SPIDERS["successfactors"].parse_listing(body)
    assert [posting.posting_id for posting in listing.postings] == ["135038", "134794"]
    assert [posting.location_text for posting in listing.postings] == ["Hong Kong", "Indonesia"]
    assert not listing.invalid


def test_recorded_firebase_thread(shared):
    spider = SPIDERS["hackernews_firebase"]
    path = shared / "data" / "responses" / "hn_firebase" / "whoishiring_2019-11.jsonl.gz"
    answers = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    bodies = {answer["url"].rpartition("/")[2]: answer["body"].encode() for answer in answers}
    index = spider.parse_index(bodies["whoishiring.json"])
    thread = index.index_urls[0].removeprefix("../item/")
    (unit,) = spider.parse_index(bodies[thread]).units
    assert unit.board == "2019-11"
    refs = spider.parse_listing(bodies[thread]).refs
    read = {
        ref.posting_id: spider.parse_detail(body, ref)
        for ref in refs
        if (body := bodies.get(ref.url))
    }
    kinds = Counter("deleted" if posting is None else "posting" for posting in read.values())
    assert (len(refs), kinds) == (680, {"posting": 443, "deleted": 28})
    for posting in filter(None, read.values()):
        assert_sane(posting)


# ── other ways to the same postings ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "https://careers.example.com/global/en/job/P-104461/Senior-Project-Manager",
        "https://careers-example.icims.com/jobs/8214/vp-of-engineering/job",
        "https://jobs.example.com/careers/job/563431013427445-vp-helsinki?domain=example.com",
        "https://jobs.example.com/job/Lyon-VP-of-Engineering/1234567/",
        "https://example.wd5.myworkdayjobs.com/External/job/Lyon/VP_R-1",
    ],
)
def test_sites_with_a_sitemap_are_served_by_jsonld(address):
    assert is_job_page(address.removesuffix("/"))


def test_recorded_eightfold_sitemap_is_served_by_jsonld(shared):
    body = recorded(shared, "robots_sitemaps")["jht_eightfold_amdocs_sitemap.xml"]
    refs = SPIDERS["jsonld"].parse_listing(body).refs
    assert len(refs) == 7
    assert all(ref.revision for ref in refs)


# ── aggregators ──────────────────────────────────────────────────────────────────────────────────

EMPLOYER = stores.Board("acme", [stores.ads("1", "2")] * 3, start=2)
AGGREGATORS = [
    # The employer's own posting again, and one of somebody whose board isn't read.
    stores.Board(
        "software-dev",
        [stores.ads("900", employer="acme"), stores.ads("900", "901", employer="zeta")] * 2,
        source="remotive",
        employer=None,
        kind="aggregator",
    ),
    stores.Board("careers.example.com", [stores.ads("x")], source="warc", employer=None, kind="aggregator"),
]  # fmt: skip


def test_aggregators_are_kept_beside_the_panel(tmp_path):
    alone = stores.build_tables(tmp_path, [EMPLOYER])
    beside = stores.build_tables(tmp_path, [EMPLOYER, *AGGREGATORS])
    for table in ("role_demand_daily", "openings"):
        rows = [sorted(map(repr, tables.table(table).fetchall())) for tables in (alone, beside)]
        assert rows[0] == rows[1] != [], table
    kinds = beside.execute("select kind, count(*), count(opening_id) from postings group by kind")
    assert sorted(kinds.fetchall()) == [("aggregator", 3, 0), ("stock", 2, 2)]
    panel = beside.execute("select kind, count(*) from boards where panel_entry_date is not null group by kind")  # fmt: skip
    assert panel.fetchall() == [("stock", 1)]
    nights = beside.execute("select count(*) from crawl_nights").fetchone()
    assert nights == (3,)  # a capture of long ago begins no series of missed nights
    monthly = beside.execute("select distinct kind from role_demand_monthly").fetchall()
    assert monthly == [("stock",)]
    alone.close()
    beside.close()


# ── archives ─────────────────────────────────────────────────────────────────────────────────────

PAGE = """<html lang="ja"><head><title>x</title><script type="application/ld+json">
{"@type": "JobPosting", "title": "%s", "datePosted": "2024-01-15", "description": "%s",
 "hiringOrganization": {"name": "Example"}}</script></head><body></body></html>"""


def archive(path: Path, *captures: tuple[str, str, str, bytes]) -> Path:
    """Write a WARC file of (address, day, Content-Type, body), each record packed by itself."""
    records = []
    for url, day, kind, body in captures:
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
            f"WARC-Date: {day}T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    path.write_bytes(b"".join(records))
    return path


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    host = "https://careers.example.com/jobs"
    vp = PAGE % ("VP of Engineering", "Write to jane.doe@example.com")
    japanese = PAGE % ("開発責任者（VPoE）", "募集")
    older = archive(
        tmp_path / "older.warc.gz",
        (f"{host}/1", "2024-01-20", "text/html", vp.encode()),
        (f"{host}/2", "2024-01-20", "text/html; charset=EUC-JP", japanese.encode("euc-jp")),
        (f"{host}/3", "2024-01-20", "text/html", b"<html>no JobPosting in its data</html>"),
    )
    newer = archive(
        tmp_path / "newer.warc.gz",
        (f"{host}/1", "2024-03-01", "text/html", vp.encode()),
        ("https://other.example/jobs/9", "2024-03-01", "text/html", vp.encode()),
    )
    newer.write_bytes(newer.read_bytes() + older.read_bytes()[:100])  # the copy broke off
    return [older, newer]


def test_backfill_keeps_captures_beside_the_panel(archives, tmp_path):
    workspace = Workspace(tmp_path)
    with Store(workspace.store) as store:
        counts = backfill.backfill(archives, store)
        assert counts == {"pages": 5, "days": 3, "postings": 4, "broken files": 1}
        assert backfill.backfill(archives[:1], store) == {"pages": 3, "late days": 1}
        titles = store.connection.execute("select distinct title from raw.contents order by all")
        assert titles.fetchall() == [("VP of Engineering",), ("開発責任者（VPoE）",)]
        (text,) = store.connection.execute(
            "select distinct description_html from raw.contents where title like 'VP%'"
        ).fetchone()
        assert text == "Write to [email]"
        states = store.connection.execute(
            "select board, crawl_date, status, kind from raw.snapshots "
            "join raw.boards using (source, board) order by all"
        ).fetchall()
    assert states == [
        ("careers.example.com", date(2024, 1, 20), "partial", "aggregator"),
        ("careers.example.com", date(2024, 3, 1), "partial", "aggregator"),
        ("other.example", date(2024, 3, 1), "partial", "aggregator"),
    ]


def test_backfill_command_says_what_it_read(archives, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VPOE_HOME", str(tmp_path / "home"))
    assert backfill.main([str(archives[0])]) == ExitCode.OK
    assert capsys.readouterr().out == "3 pages, 1 days, 2 postings\n"
    assert backfill.main([str(archives[1])]) == ExitCode.DEGRADED
    assert backfill.main([str(tmp_path / "nothing.warc")]) == ExitCode.IO
    assert "nothing.warc: No such file" in capsys.readouterr().err


# ── the engine ───────────────────────────────────────────────────────────────────────────────────


class StandIn(BaseHTTPRequestHandler):
    """A Workday site of 70 jobs and a cap of 60, a SmartRecruiters company of 130, a Firebase thread."""

    groups: ClassVar = {"g1": range(45), "g2": range(45, 70)}
    cap = 60
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path, _, query = self.path.partition("?")
        last = path.rpartition("/")[2]
        if path.endswith("/postings"):
            offset = int(query.rpartition("=")[2])
            rows = [{"id": str(n)} for n in range(offset, min(offset + 100, 130))]
            self.answer({"totalFound": 130, "content": rows})
        elif "/postings/" in path:
            self.answer({"id": last, "name": f"Engineer {last}"})
        elif "/job/" in path:
            self.answer({"jobPostingInfo": {"title": f"VP {last}", "startDate": "2026-07-07"}})
        elif path.endswith("/user/whoishiring.json"):
            self.answer({"submitted": [1, 2]})
        elif last in {"1.json", "2.json"}:
            title = "Who is hiring?" if last == "1.json" else "Who wants to be hired?"
            self.answer(
                {"id": int(last[0]), "title": f"Ask HN: {title} (August 2026)", "kids": [9]}
            )
        elif last == "9.json":
            self.answer({"id": 9, "text": "Acme | CTO | Remote", "time": 1785801600})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        search = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(f"{self.path} {search['appliedFacets']} {search['offset']}")
        (group,) = search["appliedFacets"].get("jobFamilyGroup", [None])
        jobs = self.groups[group] if group else range(70)
        offset = search["offset"] % self.cap  # the wrap
        is_first = search["offset"] == 0
        counts = [{"id": name, "count": len(rows)} for name, rows in self.groups.items()]
        self.answer(
            {
                "total": min(len(jobs), self.cap) if is_first else 0,
                "facets": [{"facetParameter": "jobFamilyGroup", "values": counts}]
                if is_first
                else [],
                "jobPostings": [
                    {"title": "T", "externalPath": f"/job/X/T_R-{n}"}
                    for n in jobs[offset : offset + search["limit"]]
                ],
            }
        )

    def answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def stand_in() -> Iterator[str]:
    StandIn.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), StandIn) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_engine_follows_computed_pages_and_skips_what_is_off(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(
        settings, "ENABLED_SOURCES", frozenset({"smartrecruiters", "hackernews_firebase"})
    )
    boards = [
        board("smartrecruiters", "acme"),
        board("hackernews_firebase", "whoishiring"),
        board("bamboohr", "acme"),
        board("remotive", "none"),
    ]
    sources = ("smartrecruiters", "hackernews_firebase", "remotive")
    report = crawl(Workspace(tmp_path), TODAY, boards, base_urls=dict.fromkeys(sources, stand_in))
    assert (report.planned, report.ok, report.failures) == (3, 2, {"http_404": 1})
    assert report.off == {"bamboohr: the terms are reported to forbid automation": 1}
    with Store(tmp_path / "store.duckdb") as store:
        assert len(store.listed("smartrecruiters", "acme")) == 130
        (posting,) = store.listed("hackernews_firebase", "2026-08").values()
        assert posting.url == "https://news.ycombinator.com/item?id=9"
        kinds = store.connection.execute("select source, kind from raw.boards order by all")
        assert kinds.fetchall() == [
            ("hackernews_firebase", "flow"),
            ("remotive", "aggregator"),
            ("smartrecruiters", "stock"),
        ]


def test_engine_reads_a_capped_site_group_by_group(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(workday, "TOTAL_CAP", StandIn.cap)
    boards, base_urls = [board("workday", "acme/wd5/Ext")], {"workday": stand_in}
    report = crawl(Workspace(tmp_path), TODAY, boards, base_urls=base_urls)
    assert (report.planned, report.ok, report.failures) == (1, 1, {})
    lists = [line.partition("/jobs ")[2] for line in StandIn.asked if "/jobs " in line]
    assert lists == [
        "{} 0",
        "{'jobFamilyGroup': ['g1']} 0",
        "{'jobFamilyGroup': ['g2']} 0",
        "{'jobFamilyGroup': ['g1']} 20",
        "{'jobFamilyGroup': ['g2']} 20",
        "{'jobFamilyGroup': ['g1']} 40",
        "{'jobFamilyGroup': ['g2']} 40",
    ]
    with Store(tmp_path / "store.duckdb") as store:
        listed = store.listed("workday", "acme/wd5/Ext")
        (snapshot,) = store.snapshots("workday", "acme/wd5/Ext", TODAY)
    assert listed.keys() == {f"R-{n}" for n in range(70)}
    assert {posting.posted_date for posting in listed.values()} == {date(2026, 7, 7)}
    assert (snapshot.status, snapshot.declared_postings) == ("ok", 70)


def test_engine_holds_a_capped_site_without_groups_for_read_in_part(
    stand_in, tmp_path, monkeypatch
):
    monkeypatch.setattr(workday, "TOTAL_CAP", StandIn.cap)
    monkeypatch.setattr(StandIn, "groups", {})
    boards, base_urls = [board("workday", "acme/wd5/Ext")], {"workday": stand_in}
    report = crawl(Workspace(tmp_path), TODAY, boards, base_urls=base_urls)
    assert (report.planned, report.partial) == (1, 1)
    with Store(tmp_path / "store.duckdb") as store:
        (snapshot,) = store.snapshots("workday", "acme/wd5/Ext", TODAY)
    assert snapshot.reason == "60 of 61 declared postings were read"


def test_probe_posts(stand_in):
    with open_probe({"workday": stand_in}) as probe:
        address = f"{stand_in}/acme.wd5.myworkdayjobs.com/wday/cxs/acme/Ext/jobs"
        last, body = probe(address, "application/json", SPIDERS["workday"].posts)
    assert last == address
    assert len(json.loads(body)["jobPostings"]) == 20

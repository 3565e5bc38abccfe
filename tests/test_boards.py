"""The registry: what it holds, what it refuses, how it was chosen, and how boards are found."""

import csv
from datetime import date
from pathlib import Path

import pytest

from crawler.board_urls import BoardRef, board_of_url, boards_of_page, find_board
from crawler.boards import (
    COLUMNS,
    SOURCES,
    Board,
    add_board,
    count_table,
    load_boards,
    write_boards,
)
from crawler.check_boards import check_board
from crawler.choose_boards import (
    KNOWN_EMPLOYERS_CSV,
    NO_EMPLOYERS_BOARD,
    QUOTAS,
    choose_boards,
    fold,
    rank,
    read_rows,
)
from crawler.errors import ConfigurationError, FetchError
from crawler.sources import load_spiders

REGISTRY = load_boards()
ADDED = date(2026, 11, 26)
DOCS = Path(__file__).parents[1] / "docs"


def registry(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "boards.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    return path


def board(**values) -> Board:
    stated = {"source": "lever", "board": "a", "employer": "A", "discovery_reason": "user"}
    return Board(**{**stated, "added_date": ADDED, **values})


def test_registry_is_large_mixed_and_sorted():
    assert len(REGISTRY) >= 600
    assert len({row.employer for row in REGISTRY if row.country_code == "JP"}) >= 70
    assert [row.key for row in REGISTRY] == sorted(row.key for row in REGISTRY)
    off = {name for name, spider in load_spiders().items() if spider.off_on(ADDED)}
    assert not off & {row.source for row in REGISTRY}


def test_registry_has_no_trial_boards_and_no_boards_found_by_role():
    for row in REGISTRY:
        is_listed = row.discovery_reason == "list"
        assert is_listed or not NO_EMPLOYERS_BOARD.search(row.board), row
        assert row.discovery_reason in {"list", "ats_enumeration"}
        assert row.employer or row.source == "hackernews"


def test_docs_state_the_registry_as_it_is():
    assert count_table(REGISTRY) in (DOCS / "boards.md").read_text()


def test_registry_is_what_the_seed_and_the_rule_give(shared):
    seed = read_rows(shared / "data" / "boards" / "boards_seed.csv")
    chosen = choose_boards(seed, read_rows(KNOWN_EMPLOYERS_CSV), ADDED)
    assert chosen == [row for row in REGISTRY if row.source != "hackernews"]


def test_known_employers_are_sorted_and_valid():
    rows = read_rows(KNOWN_EMPLOYERS_CSV)
    keys = [(row["source"], row["board"]) for row in rows]
    assert keys == sorted(set(keys))
    for row in rows:
        assert row["employer"] or row["country_code"] != "JP", row
        board(source=row["source"], country_code=row["country_code"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("lever,a,A,,,user,2026-11-26,,", None),
        ("hackernews,whoishiring,,,,list,2026-11-26,2026-12-01,", None),
        ("levr,a,A,,,user,2026-11-26,,", r"boards.csv line 3: source 'levr': unknown; one of arbeitnow, ashby"),
        ("lever,b,A,,,user,2026-11-26,,", r"line 3: lever/b is already on line 2; delete one"),
        ("lever,,A,,,user,2026-11-26,,", r"line 3: board"),
        ("lever,a,A,,,user,2026-13-26,,", r"line 3: added_date '2026-13-26'"),
        ("lever,a,A,,,user,26/11/2026,,", r"line 3: added_date '26/11/2026'"),
        ("lever,a,A,,,user,,,", r"line 3: added_date"),
        ("lever,a,A,,,user,2026-11-26,2026-11-25,", r"line 3: row: retired_date 2026-11-25 is before"),
        ("lever,a,A,JPN,,user,2026-11-26,,", r"line 3: country_code 'JPN': not an ISO 3166-1"),
        ("lever,a,A,UK,,user,2026-11-26,,", r"line 3: country_code 'UK': not an ISO 3166-1"),
        ("lever,a,A,,,guess,2026-11-26,,", r"line 3: discovery_reason 'guess'"),
        ("lever,a,A,,javascript:alert(1),user,2026-11-26,,", r"line 3: url 'javascript:alert\(1\)'"),
        ("lever,a,A,,https://u:p@x.example/,user,2026-11-26,,", r"line 3: url"),
        ("lever,a,A,,,user,2026-11-26,,,extra", r"line 3: cells beyond the last column"),
        ("lever,a,A", r"line 3: discovery_reason"),
    ],
)  # fmt: skip
def test_load_names_line_value_and_remedy(tmp_path, row, message):
    path = registry(tmp_path, "lever,b,B,,,user,2026-11-26,,", row)
    if message is None:
        assert len(load_boards(path)) == 2
        return
    with pytest.raises(ConfigurationError, match=message):
        load_boards(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"source,board\nlever,a\n", r"line 1: columns are \['source', 'board'\]"),
        (b"", "line 1: columns are"),
        ("Café".encode("latin-1"), "not UTF-8"),
    ],
)
def test_load_refuses_other_files(tmp_path, content, message):
    path = tmp_path / "boards.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=message):
        load_boards(path)
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_boards(tmp_path / "absent.csv")


def test_add_board_keeps_order_and_never_doubles(tmp_path):
    path = registry(tmp_path, "lever,b,B,,,user,2026-11-26,2026-12-01,")
    add_board(board(note='=1+1, "quoted"'), path)
    assert [row.key for row in load_boards(path)] == [("lever", "a"), ("lever", "b")]
    with pytest.raises(ConfigurationError, match="already has lever/a, active"):
        add_board(board(), path)
    with pytest.raises(ConfigurationError, match="already has lever/b, retired on 2026-12-01"):
        add_board(board(board="b"), path)
    assert [file.name for file in tmp_path.iterdir()] == ["boards.csv"]


def test_written_registry_reads_back_equal(tmp_path):
    path = tmp_path / "boards.csv"
    write_boards(tuple(reversed(REGISTRY)), path)
    assert load_boards(path) == REGISTRY


def test_choice_is_blind_to_order_and_takes_each_employer_once():
    row = {"source": "lever", "url": "", "origins": "one"}
    seed = [
        {**row, "board": "a", "employer": "Acme"},
        {**row, "board": "acme-inc", "employer": "Acme, Inc.", "origins": "one; two"},
        {**row, "board": "acme-campus", "employer": "Acme Campus"},
        {**row, "board": "nameless", "employer": ""},
        {**row, "board": "mihon", "employer": "mihon"},
        {**row, "source": "unbuilt", "board": "x", "employer": "X"},
        {**row, "board": "eu", "employer": "Beispiel", "url": "https://jobs.eu.lever.co/eu"},
        {**row, "board": "two%20words", "employer": "Two Words"},
    ]
    known = [
        {"source": "lever", "board": "mihon", "employer": "Mihon", "country_code": "JP", "note": ""}
    ]
    chosen = choose_boards(seed, known, ADDED)
    assert choose_boards(reversed(seed), known, ADDED) == chosen
    assert [(row.source, row.board, row.employer, row.discovery_reason) for row in chosen] == [
        ("lever", "acme-inc", "Acme, Inc.", "ats_enumeration"),
        ("lever", "mihon", "Mihon", "list"),
        ("lever", "two words", "Two Words", "ats_enumeration"),
        ("lever_eu", "eu", "Beispiel", "ats_enumeration"),
    ]
    more = choose_boards(seed, known, ADDED, quotas={"lever": 1}, registry=chosen[1:])
    assert [row.board for row in more] == ["acme-inc"]
    assert choose_boards(seed, known, ADDED, registry=chosen) == []
    assert rank(seed[1]) < rank(seed[0])
    assert set(QUOTAS) <= SOURCES
    assert fold("Acme, Inc.") == fold("ACME") != fold("Acme Labs")


@pytest.mark.parametrize(
    ("url", "source", "name"),
    [
        ("https://boards.greenhouse.io/acme", "greenhouse", "acme"),
        ("https://job-boards.eu.greenhouse.io/acme/jobs/4000001", "greenhouse", "acme"),
        ("https://boards.greenhouse.io/embed/job_board?for=acme&b=https%3A%2F%2Facme.example", "greenhouse", "acme"),
        ("https://boards.greenhouse.io/embed/job_board/js?for=acme", "greenhouse", "acme"),
        ("https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true", "greenhouse", "acme"),
        ("https://jobs.lever.co/acme-inc/11111111-2222", "lever", "acme-inc"),
        ("https://jobs.eu.lever.co/acme", "lever_eu", "acme"),
        ("https://api.lever.co/v0/postings/acme?mode=json", "lever", "acme"),
        ("https://jobs.ashbyhq.com/Acme%20Labs/aaaa", "ashby", "Acme Labs"),
        ("https://api.ashbyhq.com/posting-api/job-board/acme", "ashby", "acme"),
        ("https://apply.workable.com/acme/", "workable", "acme"),
        ("https://acme.workable.com/jobs/1", "workable", "acme"),
        ("https://acme.recruitee.com/o/vp", "recruitee", "acme"),
        ("https://acme.na.teamtailor.com/jobs", "teamtailor", "acme.na"),
        ("https://acme.jobs.personio.com/job/1", "personio", "acme"),
        ("https://acme.pinpointhq.com/en/postings/a", "pinpoint", "acme"),
        ("https://ats.rippling.com/en-GB/acme/jobs/2f06", "rippling", "acme"),
        ("https://jobs.gem.com/acme/am9i", "gem", "acme"),
        ("https://hrmos.co/pages/mihon/jobs/0000265", "hrmos", "mihon"),
        ("https://herp.careers/v1/mihon/Zo-SJ55QMOEB", "herp", "mihon"),
        ("https://open.talentio.com/r/1/c/soda-inc.jp/homes/1", "talentio", "soda-inc.jp"),
        ("https://news.ycombinator.com/submitted?id=whoishiring", "hackernews", "whoishiring"),
        ("https://jobs.smartrecruiters.com/Acme/743-vp", "smartrecruiters", "Acme"),
        ("https://jobs.smartrecruiters.com/oneclick-ui/company/Acme/publication/3", "smartrecruiters", "Acme"),
        ("https://acme.bamboohr.com/careers/86", "bamboohr", "acme"),
        ("https://acme.breezy.hr/p/0a1b-vp", "breezy", "acme"),
        ("https://acme.wd5.myworkdayjobs.com/en-US/External/job/X/VP_R-1", "workday", "acme/wd5/External"),
        ("https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs", "workday", "acme/wd5/External"),
        ("https://www.comeet.co/careers-api/2.0/company/00.000/positions?token=AB12", "comeet", "00.000/AB12"),
        ("https://acme.applytojob.com/apply/AAAA/VP", "jazzhr", "acme"),
        ("https://join.com/companies/acme/1001-vp", "join", "acme"),
        ("https://abcd.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/1", "oracle", "abcd.fa.us2/CX_1"),
        ("https://career5.successfactors.eu/career?career_ns=job_listing&company=Acme", "successfactors", "career5.successfactors.eu/Acme"),
        ("https://careers-acme.icims.com/jobs/8214/vp/job", "icims", "careers-acme"),
        ("https://acme.eightfold.ai/careers?domain=acme.com", "eightfold", "acme/acme.com"),
        ("https://www.comeet.com/jobs/acme/00.000", None, None),
        ("https://www.bamboohr.com/pricing", None, None),
        ("https://apply.workable.com/j/AB12CD34EF", None, None),
        ("https://www.recruitee.com/pricing", None, None),
        ("https://boards.greenhouse.io/embed", None, None),
        ("https://acme.example/jobs.lever.co/acme", None, None),
        ("https://notjobs.lever.co/acme", None, None),
        ("https://careers.acme.example/", None, None),
    ],
)  # fmt: skip
def test_board_of_url(url, source, name):
    assert board_of_url(url) == (BoardRef(source, name) if source else None)


def test_board_of_url_agrees_with_the_seed(shared):
    with (shared / "data" / "boards" / "boards_seed.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["url"] and row["source"] in SOURCES]
    found = [board_of_url(row["url"]) for row in rows]
    known = [ref for ref in found if ref]
    assert len(known) >= 0.99 * len(rows) > 9000
    agree = sum(
        ref is not None and ref.source.removesuffix("_eu") == row["source"]
        for ref, row in zip(found, rows, strict=True)
    )
    assert agree >= len(known) - 5


PAGE = """
<script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>
<a href="https:\\/\\/boards.greenhouse.io\\/acme\\/jobs\\/1">VP</a>
<a href="//jobs.lever.co/other">a partner</a>
"""


def test_find_board_follows_pages_and_redirects():
    assert boards_of_page(PAGE) == [BoardRef("greenhouse", "acme"), BoardRef("lever", "other")]
    address = "https://acme.example/careers"
    assert find_board("lever/acme") == BoardRef("lever", "acme")
    assert find_board("https://jobs.lever.co/acme") == BoardRef("lever", "acme")
    assert find_board(address, lambda url: (url, PAGE)) == BoardRef("greenhouse", "acme")
    moved = lambda _url: ("https://jobs.ashbyhq.com/acme", "")  # noqa: E731
    assert find_board(address, moved) == BoardRef("ashby", "acme")
    own = find_board(address, lambda url: (url, "<h1>Jobs</h1>"))
    assert own == BoardRef("jsonld", "acme.example", address)


@pytest.mark.parametrize(
    "reference", ["acme", "levr/acme", "lever/", "https://acme.example/careers"]
)
def test_find_board_says_what_to_write(reference):
    with pytest.raises(ConfigurationError, match="SOURCE/BOARD"):
        find_board(reference)


def raises(error: Exception):
    def probe(_address, _accept):
        raise error

    return probe


@pytest.mark.parametrize(
    ("probe", "state", "postings"),
    [
        (lambda url, _: (url, b'[{"id": "1", "text": "CTO"}]'), "live", 1),
        (lambda url, _: (url, b"[]"), "empty", 0),
        (lambda _url, _: ("https://api.lever.co/v0/postings/acme-new", b"[]"), "moved", 0),
        (lambda url, _: (url, b"{}"), "failed", 0),
        (raises(FetchError("http_404", "404 from api.lever.co")), "dead", 0),
        (raises(FetchError("dns_nxdomain", "no such host")), "dead", 0),
        (raises(FetchError("robots", "disallowed")), "failed", 0),
        (raises(FetchError("http_5xx", "503")), "failed", 0),
    ],
)
def test_check_board(probe, state, postings):
    found = check_board(board(board="acme"), probe)
    assert (found.state, found.postings) == (state, postings)
    assert bool(found.reason) == (state in {"moved", "failed", "dead"})


def test_check_board_asks_the_index_of_a_source_that_has_one():
    asked = []

    def probe(address, accept):
        asked.append((address, accept))
        return (
            address,
            b'{"hits": [{"title": "Ask HN: Who is hiring? (June 2015)", "objectID": "1"}]}',
        )

    found = check_board(board(source="hackernews", board="whoishiring"), probe)
    assert (found.state, found.postings) == ("live", 1)
    assert asked[0][0].startswith("https://hn.algolia.com/api/v1/search_by_date?tags=story,(author")

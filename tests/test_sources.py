"""Every source over every case: a new case is a directory, a new source a file; no code here."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from crawler.boards import SOURCES
from crawler.errors import ListingFormatError, SourceError
from crawler.items import Posting, PostingRef
from crawler.parsing import TITLE_MAX, load_json
from crawler.sources import SECTIONS, load_spiders, metadata, source_page
from crawler.spiders.base import WHOLE_URL

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/body"))
SPIDERS = load_spiders()


def parser_of(case: Path):
    meta = json.loads((case / "meta.json").read_text())
    ref = [PostingRef(**meta["ref"])] if "ref" in meta else []
    return getattr(SPIDERS[case.parent.name], meta["parser"]), ref


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_parsing_matches_the_case(case):
    expected = json.loads((case / "expected.json").read_text())
    parse, ref = parser_of(case)
    body = (case / "body").read_bytes()
    if expected and "error" in expected:
        source = parse.__module__.rpartition(".")[2]
        with pytest.raises(SourceError, match=f"^{source}: ") as caught:
            parse(body, *ref)
        assert type(caught.value).__name__ == expected["error"]
        return
    parsed = parse(body, *ref)
    if parsed is not None:
        parsed = parsed.model_dump(mode="json", exclude_defaults=True)
    assert parsed == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_case_says_where_it_would_come_from(case):
    meta = json.loads((case / "meta.json").read_text())
    assert meta["text"] == "invented"
    assert meta["url"].startswith("https://")
    assert meta["status"] in {200, 404}


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_source_has_the_four_cases(source):
    names = {case.name for case in CASES if case.parent.name == source}
    assert {"full", "empty", "changed_format", "dead"} <= names


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_spider_states_its_metadata(source):
    spider = SPIDERS[source]
    stated = metadata(spider)
    assert tuple(stated) == SECTIONS
    assert spider.name == source
    assert date.fromisoformat(stated["Checked date"][:10]) <= date(2026, 11, 26)
    closing = "never" if spider.kind == "flow" else f"{spider.closes_after} night"
    assert stated["Closes after"].startswith(closing)


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_spider_names_an_https_address(source):
    spider = SPIDERS[source]
    address = spider.index_url or spider.listing_url
    assert address == WHOLE_URL or address.startswith("https://")
    assert (spider.index_url is None) == (spider.parse_index is None)


@pytest.mark.parametrize("source", sorted(SOURCES))
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\x00\xff\xfe",
        b'"text"',
        b"1e999",
    ],
    ids=["empty", "blank", "null", "deep list", "deep object", "bytes", "text", "infinite"],
)
def test_no_body_is_taken_for_an_empty_board(source, body):
    with pytest.raises(ListingFormatError):
        SPIDERS[source].parse_listing(body)


# Folder of the recorded bodies, source, which files, the list in a body, the key of its ids. Some
# systems send a row for each place of a posting: distinct ids are counted.
RECORDED = [
    ("greenhouse", "greenhouse", "*", "jobs", "id"),
    ("greenhouse_daily", "greenhouse", "*", "jobs", "id"),
    ("lever", "lever", "*", None, "id"),
    ("ashby", "ashby", "*", "jobs", "id"),
    ("hn_algolia", "hackernews", "item_*", "children", "id"),
    ("workable", "workable", "*", "jobs", "shortcode"),
    ("recruitee", "recruitee", "*", "offers", "id"),
    ("teamtailor", "teamtailor", "*", "items", "id"),
    ("pinpoint", "pinpoint", "*", "data", "id"),
    ("rippling", "rippling", "*", None, "uuid"),
    ("teamtailor", "feed", "*", "items", "id"),
    ("smartrecruiters", "smartrecruiters", "*", "content", "id"),
    ("bamboohr", "bamboohr", "*", "result", "id"),
    ("breezy", "breezy", "*", None, "id"),
    ("eightfold", "eightfold", "*", "positions", "id"),
    ("remotive", "remotive", "*", "jobs", "id"),
]
# What was cut from a recorded body still counts in its total.
CUT = {"bamboohr": 3}
# Beside the listings lie headers kept as JSON and the answers of dead boards.
NOT_A_LISTING = ("_headers.json", "dead.json", "dead_404.json")


def recorded(shared: Path, folder: str, pattern: str = "*") -> dict[str, bytes]:
    files = sorted((shared / "data" / "responses" / folder).glob(pattern))
    assert files, f"no recorded body {folder}/{pattern}"
    return {
        file.name: gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for file in files
        if file.is_file()
    }


def assert_sane(posting: Posting) -> None:
    assert posting.posting_id.strip() == posting.posting_id != ""
    assert 0 < len(posting.title) <= TITLE_MAX
    assert posting.url is None or posting.url.startswith("http")
    assert posting.posted_date is None or date(2005, 1, 1) <= posting.posted_date <= date(
        2026, 12, 31
    )


@pytest.mark.parametrize("kind", RECORDED, ids=lambda kind: f"{kind[0]}-{kind[1]}")
def test_recorded_listings_parse_whole(shared, kind):
    folder, source, pattern, key, id_key = kind
    for name, body in recorded(shared, folder, pattern).items():
        if name.endswith(NOT_A_LISTING):
            with pytest.raises(ListingFormatError):
                SPIDERS[source].parse_listing(body)
            continue
        listing = SPIDERS[source].parse_listing(body)
        data = json.loads(body.replace(b"\\[", b"["), strict=False)  # masking left lone backslashes
        ids = {str(row[id_key]) for row in (data if key is None else data[key])}
        assert {row.posting_id for row in (*listing.postings, *listing.refs)} == ids, name
        assert len(listing.postings) + len(listing.refs) == len(ids), name
        assert listing.declared_total in {None, CUT.get(folder, len(ids))}, name
        assert not listing.invalid, name
        for posting in listing.postings:
            assert_sane(posting)


def test_recorded_feeds_parse_whole(shared):
    for name, body in recorded(shared, "personio").items():
        listing = SPIDERS["personio"].parse_listing(body)
        ids = re.findall(r"<position>\s*<id>(\d+)</id>", body.decode())
        assert [posting.posting_id for posting in listing.postings] == list(dict.fromkeys(ids)), (
            name
        )
        assert not listing.invalid, name
        for posting in listing.postings:
            assert_sane(posting)


def test_recorded_thread_searches_name_each_month_once(shared):
    months: list[str] = []
    for name, body in recorded(shared, "hn_algolia", "search_*_p*").items():
        index = SPIDERS["hackernews"].parse_index(body)
        months += [unit.board for unit in index.units]
        assert (index.next_url is None) == ("_p8_" in name)
    assert len(months) == len(set(months)) == 79
    assert (min(months), max(months)) == ("2012-04", "2022-01")


def test_recorded_site_parses_from_robots_to_pages(shared):
    spider = SPIDERS["jsonld"]
    site = recorded(shared, "rebase_site")
    assert spider.parse_listing(site["robots.txt"]).listing_urls == (
        "https://hire.rebase.network/sitemap.xml",
    )
    refs = {
        ref.url.rpartition("/")[2]: ref for ref in spider.parse_listing(site["sitemap.xml"]).refs
    }
    assert len(refs) == 875
    pages = recorded(shared, "rebase_site/jobs")
    postings = [spider.parse_detail(body, refs[name]) for name, body in pages.items()]
    assert len(postings) == 73
    for posting in postings:
        assert_sane(posting)
        assert posting.language_hint == "zh-CN"
        assert posting.posted_date
    for field, stated in (("employer_text", 60), ("location_text", 60)):
        assert sum(getattr(posting, field) is not None for posting in postings) >= stated


@pytest.mark.parametrize(
    ("page", "salary_text", "location_text", "posted_date"),
    [
        (
            "indeed_jp_frontend.html.gz",
            "JPY 260000-350000 MONTH",
            "東京文京区, 東京都, JP",
            "2025-08-25",
        ),
        ("jobseek_jsonld_neura_robotics_manager.html", None, "Metzingen, DE", "2025-11-06"),
    ],
)
def test_recorded_pages_give_their_ad(shared, page, salary_text, location_text, posted_date):
    ref = PostingRef(posting_id="1", url="https://example.com/1")
    posting = SPIDERS["jsonld"].parse_detail(recorded(shared, "html_jsonld")[page], ref)
    assert_sane(posting)
    assert posting.salary_text == salary_text
    assert posting.location_text == location_text
    assert str(posting.posted_date) == posted_date


ODD_VALUES = [None, True, -1, 10**30, 0.5, "", "\ud800", "9" * 400, [], [None], {"a": [1]}]


def with_each_value_changed(data: object) -> Iterator[object]:
    """Yield ``data`` with one value, at any depth, replaced by each odd one."""
    yield from ODD_VALUES
    if isinstance(data, dict):
        for key, value in data.items():
            yield from ({**data, key: changed} for changed in with_each_value_changed(value))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from (
                [*data[:at], changed, *data[at + 1 :]] for changed in with_each_value_changed(value)
            )


JSON_CASES = [case for case in CASES if (case / "body").read_bytes()[:1] in b"[{"]


@pytest.mark.parametrize("case", JSON_CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_no_changed_value_crashes_a_parser(case):
    parse, ref = parser_of(case)
    body = (case / "body").read_bytes()
    for changed in with_each_value_changed(load_json("case", body)):
        with suppress(SourceError):
            parse(json.dumps(changed).encode(), *ref)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_no_cut_body_crashes_a_parser(case):
    parse, ref = parser_of(case)
    body = (case / "body").read_bytes()
    for end in range(0, len(body), max(1, len(body) // 50)):
        with suppress(SourceError):
            parse(body[:end], *ref)


def test_docs_state_the_sources_as_they_are():
    page = Path(__file__).parents[1] / "docs" / "sources.md"
    assert page.read_text() == source_page(), "run: python -m crawler.sources"

"""The replay of real data, on a small folder of the same layout whose every row is invented."""

import csv
from datetime import UTC, date, datetime

import duckdb
import pytest

from crawler.demo.server import Request
from crawler.spiders import greenhouse, hackernews, jsonld, lever
from pipeline.text import to_text
from tests.replay.data import (
    DataFolderError,
    GreenhouseDaily,
    HackerNews,
    Recordings,
    data_file,
    paragraphs,
)
from tests.replay.results import Upstream, upstream_counts
from tests.replay.sites import GreenhouseSite, HackerNewsSite, RecordedSite

POSTING_COLUMNS = (
    "board varchar, company_name varchar, job_id bigint, internal_job_id bigint, "
    "requisition_id varchar, title varchar, location varchar, language varchar, "
    "first_published varchar, updated_at varchar, first_seen varchar, last_seen varchar, "
    "absolute_url varchar, content_html varchar"
)
INVENTED = "Testmere (invented)"
STAMP = "2026-01-02T10:00:00-05:00"
POSTINGS = [
    ("testmere", 1, 11, "VP of Engineering", "2026-03-01T06:00:00", "2026-03-03T06:00:00", "<p>Lead.</p>"),
    ("testmere", 2, 12, "Accountant", "2026-03-02T06:00:00", "2026-03-05T06:00:00", None),
    ("testmere", 3, None, "Talent pool", "2026-03-05T06:00:00", "2026-03-05T06:00:00", None),
    ("rarely", 4, 14, "CTO", "2026-03-05T06:00:00", "2026-03-05T06:00:00", None),
]  # fmt: skip
BOARD_DAYS = [
    ("testmere", "2026-03-01"),
    ("testmere", "2026-03-02"),
    ("testmere", "2026-03-05"),
    ("rarely", "2026-03-05"),
]
POSTS = [
    (101, "2014-03-03 15:00:00", "2014-03", "Testmere (invented) | VPE | Berlin\n\nA <3 & B\n\n- one\n- two", ["VP of Engineering", None]),
    (102, "2014-03-04 09:30:00", "2014-03", "Mosswick (invented) | QA", ["QA Engineer", "VP, Sales Engineering"]),
    (205, "2014-04-01 08:00:00", "2014-04", "Fernholt (invented) | CTO", None),
]  # fmt: skip
INDEX = [
    ("boards/a_2026-03-01.json", "https://boards-api.greenhouse.io/v1/boards/testmere/jobs", "200", "2026-03-01"),
    ("boards/a_2026-03-05.json", "https://boards-api.greenhouse.io/v1/boards/testmere/jobs", "200", "2026-03-05T06:00:00"),
    ("boards/lever.json", "https://api.lever.co/v0/postings/testmere?mode=json", "200", "2026-03"),
    ("boards/sitemap.xml", "https://jobs.testmere.example/sitemap.xml", "200", "2026"),
    ("boards/p1.json", "https://hn.algolia.com/api/v1/search_by_date?page=1&tags=story", "200", "Mon, 02 Mar 2026 04:50:50 GMT"),
]  # fmt: skip
BODIES = {
    "a_2026-03-01.json": b'{"jobs": [{"id": 1, "title": "CTO"}]}',
    "a_2026-03-05.json": b'{"jobs": []}',
    "lever.json": b"[]",
    "sitemap.xml": b"<urlset><url><loc>https://jobs.testmere.example/jobs/1</loc></url></urlset>",
    "p1.json": b'{"hits": []}',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder of the real layout, all rows invented."""
    root = tmp_path_factory.mktemp("data")
    for name in ("greenhouse_daily", "hn_who_is_hiring", "boards"):
        (root / name).mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"create table postings ({POSTING_COLUMNS})")
        rows = [
            (board, INVENTED, job, internal, None, title, "Berlin", "en", STAMP, STAMP, first, last,
             f"https://example.com/{job}", content)
            for board, job, internal, title, first, last, content in POSTINGS
        ]  # fmt: skip
        connection.executemany(f"insert into postings values ({', '.join('?' * 14)})", rows)
        connection.execute("create table board_days (board varchar, day varchar)")
        connection.executemany("insert into board_days values (?, ?)", BOARD_DAYS)
        connection.execute(
            "create table posts (id bigint, ts timestamp, month varchar, text varchar, roles varchar[])"
        )
        connection.executemany("insert into posts values (?, ?, ?, ?, ?)", POSTS)
        for table, file in (
            ("postings", "greenhouse_daily/postings.parquet"),
            ("board_days", "greenhouse_daily/board_days.parquet"),
            ("posts", "hn_who_is_hiring/posts.parquet"),
        ):
            connection.execute(f"copy {table} to '{root / file}'")
    (root / "responses").mkdir()
    with (root / "responses/INDEX.tsv").open("w", encoding="utf-8", newline="") as index:
        writer = csv.writer(index, delimiter="\t")
        writer.writerow(["path", "url", "status", "content_type", "recorded"])
        writer.writerows((path, url, status, "", day) for path, url, status, day in INDEX)
    for name, body in BODIES.items():
        (root / "boards" / name).write_bytes(body)
    return root


def ask(site, path, **query):
    return site(Request(path, query, "http://127.0.0.1"))


def test_nights_are_the_newest_consecutive_dates(folder):
    assert GreenhouseDaily(folder).nights(3) == [date(2026, 3, day) for day in (3, 4, 5)]


def test_boards_are_those_read_often_enough(folder):
    source = GreenhouseDaily(folder)
    assert source.boards(5, source.nights(5)) == {"testmere": INVENTED}
    assert source.boards(5, source.nights(1)) == {"rarely": INVENTED, "testmere": INVENTED}
    assert len(source.boards(1, source.nights(1))) == 1


@pytest.mark.parametrize(
    ("day", "status", "ids"),
    [
        (1, 200, ["1"]),
        (2, 200, ["1", "2"]),
        (3, 403, None),  # nobody read the board on that day
        (5, 200, ["2", "3"]),
    ],
)
def test_board_lists_what_spans_the_night(folder, day, status, ids):
    source = GreenhouseDaily(folder)
    listings = source.listings(["testmere"], source.nights(5))
    response = ask(
        GreenhouseSite(listings, date(2026, 3, day)), "/greenhouse/v1/boards/testmere/jobs"
    )
    assert response.status == status
    if ids is not None:
        listing = greenhouse.parse_listing(response.body)
        assert [posting.posting_id for posting in listing.postings] == ids
        assert listing.declared_total == len(ids)


def test_posting_keeps_its_fields(folder):
    source = GreenhouseDaily(folder)
    site = GreenhouseSite(source.listings(["testmere"], source.nights(5)), date(2026, 3, 1))
    posting = greenhouse.parse_listing(ask(site, "/v1/boards/testmere/jobs").body).postings[0]
    assert posting.title == "VP of Engineering"
    assert to_text(posting.description_html) == "Lead."
    assert posting.posted_date == date(2026, 1, 2)
    assert posting.location_text == "Berlin"


def test_threads_open_with_their_month(folder):
    posts = HackerNews(folder)
    site = HackerNewsSite(posts, datetime(2014, 3, 31, tzinfo=UTC))
    search = ask(site, "/api/v1/search_by_date", hitsPerPage="100").body
    assert b"(March 2014)" in search
    assert b"(April 2014)" not in search
    assert ask(site, "/api/v1/items/204").status == 404
    site.now = datetime(2014, 4, 28, tzinfo=UTC)
    listing = hackernews.parse_listing(ask(site, "/api/v1/items/204").body)
    assert [one.employer_text for one in listing.postings] == ["Fernholt (invented)"]


def test_thread_gives_the_texts_back(folder):
    posts = HackerNews(folder)
    site = HackerNewsSite(posts, datetime(2014, 4, 28, tzinfo=UTC))
    listing = hackernews.parse_listing(ask(site, "/api/v1/items/100").body)
    first = listing.postings[0]
    assert first.title == "Testmere (invented) | VPE | Berlin"
    assert to_text(first.description_html) == (
        "Testmere (invented) | VPE | Berlin\nA <3 & B\n- one\n- two"
    )
    assert first.posted_date == date(2014, 3, 3)
    assert listing.invalid == ()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one", "one"),
        ("one\n\ntwo\nthree", "one<p>two<p>three"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("", ""),
    ],
)
def test_paragraphs(text, html):
    assert paragraphs(text) == html


def test_upstream_roles_are_read_as_titles(folder):
    assert upstream_counts(HackerNews(folder)) == {
        "2014-03": Upstream(posts=2, vp_engineering=1),
        "2014-04": Upstream(posts=0, vp_engineering=0),
    }


@pytest.mark.parametrize(
    ("day", "path", "parse", "postings"),
    [
        (1, "/greenhouse/v1/boards/testmere/jobs", greenhouse.parse_listing, 1),
        (4, "/greenhouse/v1/boards/testmere/jobs", greenhouse.parse_listing, 1),
        (5, "/greenhouse/v1/boards/testmere/jobs", greenhouse.parse_listing, 0),
        (5, "/lever/v0/postings/testmere", lever.parse_listing, 0),
    ],
)
def test_recording_is_the_newest_by_the_day(folder, day, path, parse, postings):
    site = RecordedSite(Recordings(folder), date(2026, 3, day))
    assert len(parse(ask(site, path).body).postings) == postings


def test_recordings_of_many_hosts_and_pages(folder):
    site = RecordedSite(Recordings(folder), date(2026, 3, 5))
    sitemap = ask(site, "/jsonld/jobs.testmere.example/sitemap.xml")
    assert len(jsonld.parse_listing(sitemap.body).refs) == 1
    assert ask(site, "/hackernews/api/v1/search_by_date", page="1").status == 200
    assert ask(site, "/hackernews/api/v1/search_by_date", page="2").status == 404
    assert ask(site, "/lever/v0/postings/nobody").status == 404


def test_folder_without_a_file_is_named(tmp_path):
    with pytest.raises(DataFolderError, match=r"has no responses/INDEX\.tsv; name the data folder"):
        data_file(tmp_path, "responses/INDEX.tsv")


# ── real data ────────────────────────────────────────────────────────────────────────────────────


def test_real_greenhouse_boards_are_read_every_third_night(shared):
    source = GreenhouseDaily(shared / "data")
    nights = source.nights(60)
    boards = source.boards(250, nights)
    listings = source.listings(list(boards), nights)
    assert len(boards) == 250
    read = sum((board, night) in listings.observed for board in boards for night in nights)
    assert 0.3 < read / (250 * 60) < 0.4
    site = GreenhouseSite(listings, nights[-1])
    bodies = [ask(site, f"/v1/boards/{board}/jobs") for board in boards]
    parsed = [greenhouse.parse_listing(one.body) for one in bodies if one.status == 200]
    assert sum(len(listing.invalid) for listing in parsed) == 0
    assert all(listing.declared_total == len(listing.postings) for listing in parsed)


def test_real_threads_are_those_of_187_months(shared):
    posts = HackerNews(shared / "data")
    assert (min(posts.stories), max(posts.stories), len(posts.stories)) == (
        "2011-01", "2026-07", 187
    )  # fmt: skip
    assert sum(story.comments for story in posts.stories.values()) == 64_019
    site = HackerNewsSite(posts, datetime(2026, 7, 28, tzinfo=UTC))
    for month in ("2011-01", "2018-05"):
        story = posts.stories[month]
        listing = hackernews.parse_listing(ask(site, f"/items/{story.story_id}").body)
        assert len(listing.postings) == story.comments


def test_real_recordings_parse(shared):
    site = RecordedSite(Recordings(shared / "data"), date(2026, 8, 22))
    for path, parse, postings in (
        ("/greenhouse/v1/boards/impact/jobs", greenhouse.parse_listing, 93),
        ("/lever/v0/postings/binance", lever.parse_listing, 276),
        ("/hackernews/api/v1/items/2396027", hackernews.parse_listing, 219),
    ):
        assert len(parse(ask(site, path).body).postings) == postings

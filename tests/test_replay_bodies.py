"""A mended parser over kept bodies: the store as if it had read every night. All invented."""

import datetime as dt

import pytest

from crawler.bodies import file_of
from crawler.errors import ListingFormatError
from crawler.replay_bodies import replay_bodies
from crawler.spiders import greenhouse as greenhouse_source
from crawler.spiders import jsonld as jsonld_source
from tests.faults import (
    NIGHT,
    FaultServer,
    Reply,
    World,
    gh_path,
    greenhouse,
    job_page,
    row,
    sitemap,
)

ACME, SITE = row("greenhouse", "acme"), row("jsonld", "site")
# What a night cost, and whether it was read anew, differ: the broken parser kept no validators.
SNAPSHOTS = (
    "crawl_date, source, board, status, failure_class, "
    "regexp_replace(reason, ':\\d+/', '/'), parsed_postings"  # the port is each run's own
)


def night(number: int) -> dt.date:
    return NIGHT + dt.timedelta(days=number)


def tables(world):
    return {
        "snapshots": world.query(f"select {SNAPSHOTS} from raw.snapshots order by all"),
        "observations": world.query("from raw.observations order by all"),
        "contents": world.query(
            "from raw.contents semi join raw.observations using (content_hash) order by all"
        ),
    }


def broken_listing(body):
    """Reads each second posting, under a wrong name; knows nothing of "urgent" ones."""
    if b"urgent" in body:
        raise ListingFormatError("greenhouse: 'urgent' is new")
    found = GOOD_LISTING(body)
    wrong = [one.model_copy(update={"title": "?"}) for one in found.postings[::2]]
    return found.model_copy(update={"postings": tuple(wrong), "declared_total": len(wrong)})


def broken_detail(body, ref):
    if b"crash" in body:
        raise ZeroDivisionError("a bug")
    posting = GOOD_DETAIL(body, ref)
    return posting and posting.model_copy(update={"title": "?", "description_html": None})


GOOD_LISTING = greenhouse_source.GreenhouseSpider.parse_listing
GOOD_DETAIL = jsonld_source.JsonLdSpider.parse_detail


def run(root, nights, boards):
    world, answers = World(root), {}
    with FaultServer(answers) as server:
        for number, replies in enumerate(nights):
            answers.clear()
            answers.update(replies)
            bases = dict.fromkeys(("greenhouse", "jsonld"), server.base_url)
            world.run(boards, bases, night=number)
    return world


@pytest.fixture
def broken(monkeypatch):
    """While it is entered, both parsers are broken, and their versions others."""
    with monkeypatch.context() as patch:
        for spider, name, function in (
            (greenhouse_source.GreenhouseSpider, "parse_listing", broken_listing),
            (jsonld_source.JsonLdSpider, "parse_detail", broken_detail),
        ):
            patch.setattr(spider, name, staticmethod(function))
            patch.setattr(spider, "parser_version", classmethod(lambda _: "broken"))
        yield patch


BOARD_NIGHTS = [
    greenhouse([1, 2, 3]),
    greenhouse([1, 2, 3, 4]),
    greenhouse([1, 2, 3, 4]),  # unchanged
    Reply(500),
    greenhouse([1, 2, 3, 4, 5], text="urgent"),  # the broken parser fails
    greenhouse([1, 2, 3, 4, 5], text="urgent"),  # and again, where the mended one sees no change
    greenhouse([2, 5]),  # three of five gone: suspect
    greenhouse([2, 5, 6]),
]
PAGES = {f"/site.example/jobs/{n}": job_page(f"VP {n}", "x" * n) for n in range(1, 6)}
GONE, CRASH = Reply(404), job_page("CTO", "crash")
SITE_NIGHTS = [
    {"1": "2026-01-01", "2": "2026-01-01"},
    {"1": "2026-01-01", "2": "2026-01-01"},
    {"1": "2026-01-01", "2": "2026-01-03", "3": "2026-01-03"},
    {"1": "2026-01-01", "2": "2026-01-03", "3": "2026-01-03", "4": "2026-01-04"},  # 4 is gone
    {"1": "2026-01-01", "2": "2026-01-05", "3": "2026-01-03"},  # 2 is gone
    {"1": "2026-01-01", "3": "2026-01-03", "5": "2026-01-06"},  # 5 crashes the broken parser
    {"1": "2026-01-01", "3": "2026-01-03", "5": "2026-01-06"},
    {"1": "2026-01-01"},
]


def nights_of_both():
    for number, (board, pages) in enumerate(zip(BOARD_NIGHTS, SITE_NIGHTS, strict=True)):
        site = {**PAGES, "/site.example/sitemap.xml": sitemap("site", pages)}
        if number == 3:
            site["/site.example/jobs/4"] = GONE
        if number == 4:
            site["/site.example/jobs/2"] = GONE
        site["/site.example/jobs/5"] = CRASH
        yield {gh_path("acme"): board, **site}


def test_a_replay_equals_a_parser_that_was_never_broken(tmp_path, broken):
    nights = list(nights_of_both())
    mended = run(tmp_path / "broken", nights, [ACME, SITE])
    broken.undo()
    report = replay_bodies(mended.workspace)
    assert (report.boards, report.nights) == (2, 13)  # those of them that left a body
    never_broken = run(tmp_path / "whole", nights, [ACME, SITE])
    assert {one[3] for one in tables(never_broken)["snapshots"]} == {"ok", "failed", "suspect"}
    assert tables(mended) == tables(never_broken)
    assert replay_bodies(mended.workspace).changed == 0


def test_a_replay_judges_by_the_nights_before_the_oldest_body(tmp_path):
    """A surge is suspect by its history alone; a failed night between doesn't unsay it."""
    counts = [3, 4, 5, 40, None, 41, 4]
    nights = [
        {gh_path("acme"): Reply(500) if count is None else greenhouse(range(count))}
        for count in counts
    ]
    world = run(tmp_path / "data", nights, [ACME])
    before = tables(world)
    statuses = [row[3] for row in before["snapshots"]]
    assert statuses == ["ok", "ok", "ok", "suspect", "failed", "ok", "suspect"]
    for number in range(3):
        file_of(world.workspace.bodies, night(number)).unlink()
    assert replay_bodies(world.workspace).changed == 0
    assert tables(world) == before


def test_a_stricter_parser_fails_a_night_and_keeps_what_stood(tmp_path, monkeypatch):
    def strict(body):
        if b"urgent" in body:
            raise ListingFormatError("greenhouse: 'urgent' is no text")
        return GOOD_LISTING(body)

    boards = [greenhouse([1, 2]), greenhouse([1], text="urgent"), greenhouse([1, 2, 3])]
    nights = [{gh_path("acme"): one} for one in boards]
    world = run(tmp_path / "loose", nights, [ACME])
    monkeypatch.setattr(greenhouse_source.GreenhouseSpider, "parse_listing", staticmethod(strict))
    replay_bodies(world.workspace)
    assert tables(world) == tables(run(tmp_path / "strict", nights, [ACME]))
    assert world.query("select status from raw.snapshots order by crawl_date")[1] == ("failed",)


def test_a_list_that_moved_is_replayed_from_where_it_stands(tmp_path):
    """Addresses in a page are relative to where its redirect led."""
    page = "<urlset><url><loc>jobs/7</loc><lastmod>2026-01-01</lastmod></url></urlset>"
    nights = [
        {
            "/site.example/sitemap.xml": Reply(301, headers={"Location": "/new/place/sitemap.xml"}),
            "/new/place/sitemap.xml": Reply(body=page.encode(), content_type="application/xml"),
            "/new/place/jobs/7": job_page("CTO"),
        }
    ]
    world = run(tmp_path / "data", nights, [SITE])
    before = tables(world)
    assert [one[3] for one in before["snapshots"]] == ["ok"]
    assert replay_bodies(world.workspace).changed == 0
    assert tables(world) == before

"""The demo market, its servers and its truth; every employer and posting in here is invented."""

import json
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import duckdb
import pytest

from crawler.demo import shapes, truth
from crawler.demo.compare import claims, compare
from crawler.demo.market import Board, Market, Showing, build_market
from crawler.demo.server import LoopbackServer, Request, Response
from crawler.demo.site import INVENTED, Site, public_id
from crawler.demo.texts import Advert, Dice, Employer
from crawler.demo.truth import Figures, NightFigures
from crawler.spiders import ashby, greenhouse, hackernews, jsonld, lever
from pipeline.roles import read_title
from pipeline.text import to_text
from tests import stores
from warehouse.build import build
from warehouse.dictionary import load_tables
from warehouse.workspace import Workspace

START = date(2026, 3, 16)
LISTINGS = {
    "greenhouse": ("/v1/boards/{}/jobs", greenhouse.parse_listing),
    "lever": ("/v0/postings/{}", lever.parse_listing),
    "ashby": ("/posting-api/job-board/{}", ashby.parse_listing),
    "jsonld": ("/{}.example/sitemap.xml", jsonld.parse_listing),
}


@pytest.fixture(scope="module")
def market():
    return build_market()


def ask(site, path, **query):
    return site(Request(path, query, "http://127.0.0.1"))


# ── the market ───────────────────────────────────────────────────────────────────────────────────


def test_market_is_the_same_every_time(market):
    again = build_market()
    assert again == market
    assert build_market(seed=1).showings != market.showings
    assert market.showings[0].posting_id == again.showings[0].posting_id


def test_market_has_the_size_of_the_demo(market):
    postings = {(one.board, one.posting_id) for one in market.showings}
    leaders = {one.opening for one in market.showings if one.role in truth.LEADERSHIP}
    assert len(market.boards) + 1 == 40  # and the board of threads
    assert market.nights == 60
    assert 400 <= len(postings) <= 800
    assert len(leaders) >= 30
    assert {board.source for board in market.boards} == set(LISTINGS)
    assert {board.employer.language for board in market.boards} == {"en", "ja"}


def test_everything_says_that_it_is_invented(market):
    for board in market.boards:
        assert "(invented)" in board.employer.name or "（架空）" in board.employer.name
    for showing in market.showings:
        text = showing.advert.description_html
        assert "This posting is invented" in text or "架空のもの" in text
    for thread in market.threads:
        for post in thread.posts:
            assert "(invented)" in post.employer
            assert "This posting is invented" in post.text_html
    assert ask(Site(market), "/nowhere").headers == INVENTED


def test_no_two_openings_of_an_employer_can_be_confused(market):
    openings = {}
    for showing in market.showings:
        employer = market.board[showing.board].employer.name
        key = (employer, showing.advert.title, showing.advert.place)
        assert openings.setdefault(key, showing.opening) == showing.opening, key


def test_titles_are_read_as_what_they_hire_for(market):
    wrong = {
        one.advert.title: (one.role, roles)
        for one in market.showings
        if (roles := list(read_title(one.advert.title).roles)) != [one.role]
    }
    assert wrong == {}


def test_no_board_loses_so_much_in_a_night_that_it_looks_broken(market):
    for board in market.boards:
        counts = [len(market.listed(board.board, night)) for night in range(market.nights)]
        for before, now in pairwise(counts):
            assert before - now < max(3, before / 2), board.board


def test_dice_draw_alike_on_every_python():
    dice = Dice("fixed")
    assert [dice.between(1, 6) for _ in range(8)] == [6, 4, 6, 5, 5, 1, 1, 5]
    assert dice.some("abcdef", 3) == ["b", "d", "f"]


# ── the site ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("night", [0, 20, 25, 33, 44, 45, 59])
def test_listings_parse_to_what_the_market_lists(market, night):
    site = Site(market, night)
    for board in market.boards:
        path, parse = LISTINGS[board.source]
        response = ask(site, path.format(board.board))
        listed = market.listed(board.board, night)
        if night < board.joins or night >= (board.leaves or market.nights):
            assert response.status == 404
        elif night in board.fails:
            assert response.status == 500
        else:
            listing = parse(response.body)
            expected = 0 if night in board.blinks else len(listed)
            assert len(listing.postings) + len(listing.refs) == expected
            assert listing.invalid == ()


def test_listing_carries_the_fields_of_its_source(market):
    site = Site(market, 10)
    for source, board in (
        ("greenhouse", "demo-lanternquay"),
        ("lever", "demo-larkspire"),
        ("ashby", "demo-velvetpine"),
    ):
        path, parse = LISTINGS[source]
        postings = parse(ask(site, path.format(board)).body).postings
        for posting, showing in zip(postings, market.listed(board, 10), strict=True):
            assert posting.posting_id == showing.posting_id
            assert posting.title == showing.advert.title
            assert showing.advert.place in posting.location_text
            assert posting.department == "Engineering" or showing.advert.department != "Engineering"
            assert "This posting is invented" in to_text(posting.description_html)
            assert posting.posted_date == market.date_of(showing.published)


def test_pages_carry_the_job_posting(market):
    site = Site(market, 0)
    listing = jsonld.parse_listing(ask(site, "/demo-minamo.example/sitemap.xml").body)
    pages = {}
    for ref in listing.refs:
        page = ask(site, f"/jsonld/{ref.url.removeprefix('https://')}")
        pages[ref.posting_id] = jsonld.parse_detail(page.body, ref)
    assert [page.title for page in pages.values()] == [
        one.advert.title for one in market.listed("demo-minamo", 0)
    ]
    assert {page.language_hint for page in pages.values()} == {"ja"}
    assert {page.employer_text for page in pages.values()} == {"株式会社みなも計算（架空）"}
    gone = ask(site, "/jsonld/demo-minamo.example/jobs/1")
    assert (gone.status, gone.headers) == (404, INVENTED)


@pytest.mark.parametrize(
    ("night", "months"),
    [
        (0, ["2026-03", "2026-02"]),
        (15, ["2026-03", "2026-02"]),
        (16, ["2026-04", "2026-03", "2026-02"]),
        (46, ["2026-05", "2026-04", "2026-03", "2026-02"]),
    ],
)
def test_search_names_the_threads_that_have_opened(market, night, months):
    body = ask(Site(market, night), "/api/v1/search_by_date", hitsPerPage="100").body
    titles = [hit["title"] for hit in json.loads(body)["hits"]]
    assert [month for title in titles if (month := hackernews.thread_month(title))] == months


def test_thread_grows_while_its_month_begins_and_keeps_replies_apart(market):
    thread = market.threads[2]
    counts = []
    for night in (16, 18, 30):
        body = ask(Site(market, night), f"/items/{thread.thread_id}").body
        listing = hackernews.parse_listing(body)
        counts.append(len(listing.postings))
    assert counts[0] < counts[1] < counts[2] == len(thread.posts)
    assert {one.employer_text for one in listing.postings} == {p.employer for p in thread.posts}
    assert any(post.replies for post in thread.posts)


# ── the server ───────────────────────────────────────────────────────────────────────────────────


def fetch(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def test_server_answers_conditional_requests_and_counts():
    bodies = {"/a": b"first"}
    changed = datetime(2026, 3, 16, tzinfo=UTC)

    def respond(request):
        if request.path not in bodies:
            return Response(404)
        return Response(200, bodies[request.path], "text/plain", changed)

    with LoopbackServer(respond) as server:
        url = f"{server.base_url}/a"
        status, body, headers = fetch(url)
        assert (status, body) == (200, b"first")
        assert headers["Last-Modified"] == "Mon, 16 Mar 2026 00:00:00 GMT"
        assert fetch(url, **{"If-None-Match": headers["ETag"]})[:2] == (304, b"")
        assert fetch(url, **{"If-Modified-Since": headers["Last-Modified"]})[0] == 304
        bodies["/a"] = b"second"
        assert fetch(url, **{"If-None-Match": headers["ETag"]})[:2] == (200, b"second")
        assert fetch(f"{server.base_url}/b")[0] == 404
        assert fetch(f"{server.base_url}/robots.txt")[1] == b"User-agent: *\nAllow: /\n"
        assert server.statuses == {200: 3, 304: 2, 404: 1}
        assert server.paths["/a"] == 4


# ── the truth ────────────────────────────────────────────────────────────────────────────────────

EMPLOYER = Employer("Testmere (invented)", "US", "en", "a tool", "testers")


def showing(
    board, opening, first, end, *, posting_id=None, role="vp_engineering", title="VP of Engineering"
):
    advert = Advert(title, opening, "Engineering", (), None, False, "en")
    return Showing(board, posting_id or opening, opening, role, advert, first, end, first)


def tiny_market(boards, showings, nights=6):
    return Market(START, nights, tuple(boards), tuple(showings))


def series(market, column, role="vp_engineering"):
    daily = truth.daily_truth(market)
    return [
        getattr(daily.get((market.date_of(night), role), Figures()), column)
        for night in range(market.nights)
    ]


def test_truth_follows_golden_test_3():
    """Method G3: night 3 fails (index 2 here), two absences close; P4's first one stands alone."""
    board = Board("jsonld", "b", EMPLOYER, 0, fails=frozenset({2}))
    seen = {"P1": [(0, 6)], "P2": [(0, 2)], "P3": [(3, 4), (5, 6)], "P4": [(0, 4)]}
    market = tiny_market(
        [board], [showing("b", name, *span) for name, spans in seen.items() for span in spans]
    )
    assert series(market, "active_postings") == [3, 3, 3, 3, 2, 2]
    assert series(market, "closed_postings") == [0, 0, 0, 1, 1, 0]
    assert series(market, "new_postings") == [0, 0, 0, 1, 0, 0]
    assert [spell.end for spell in truth.spells_of(market)] == [None, 3, None, 4]


@pytest.mark.parametrize(
    ("board", "showings", "expected"),
    [
        pytest.param(
            Board("lever", "b", EMPLOYER, 0),
            [showing("b", "base", 0, 6), showing("b", "later", 2, 4)],
            {
                "active_openings": [1, 1, 2, 2, 1, 1],
                "panel_entry_openings": [1, 0, 0, 0, 0, 0],
                "new_openings": [0, 0, 1, 0, 0, 0],
                "closed_openings": [0, 0, 0, 0, 1, 0],
                "employers_hiring": [1, 1, 1, 1, 1, 1],
            },
            id="the first listing isn't new",
        ),
        pytest.param(
            Board("lever", "b", EMPLOYER, 0),
            [showing("b", "o", 1, 2, posting_id="x"), showing("b", "o", 4, 6, posting_id="y")],
            {
                "active_openings": [0, 1, 0, 0, 1, 1],
                "new_openings": [0, 1, 0, 0, 0, 0],
                "closed_openings": [0, 0, 1, 0, 0, 0],
                "reopened_openings": [0, 0, 0, 0, 1, 0],
                "new_postings": [0, 1, 0, 0, 1, 0],
            },
            id="a repost under a new id reopens",
        ),
        pytest.param(
            Board("lever", "b", EMPLOYER, 0, fails=frozenset({3})),
            [showing("b", "closes", 1, 3), showing("b", "opens", 3, 6)],
            {
                "active_openings": [0, 1, 1, 1, 1, 1],
                "new_openings": [0, 1, 0, 0, 1, 0],
                "closed_openings": [0, 0, 0, 0, 1, 0],
            },
            id="a failed night carries the last state",
        ),
        pytest.param(
            Board("lever", "b", EMPLOYER, 0, blinks=frozenset({3})),
            [showing("b", "o", 1, 6)],
            {"active_openings": [0, 1, 1, 1, 1, 1], "closed_openings": [0] * 6},
            id="a suspect night closes nothing",
        ),
        pytest.param(
            Board("lever", "b", EMPLOYER, 0),
            [
                showing("b", "o", 1, 3, role="vp_product"),
                showing("b", "o", 3, 6),
            ],
            {
                "active_openings": [0, 0, 0, 1, 1, 1],
                "new_openings": [0, 0, 0, 0, 0, 0],
                "relabelled_openings": [0, 0, 0, 1, 0, 0],
            },
            id="an edited title is no new opening",
        ),
        pytest.param(
            Board("lever", "b", EMPLOYER, 0, joins=2),
            [showing("b", "base", 0, 6), showing("b", "later", 4, 6)],
            {
                "active_openings": [0, 0, 1, 1, 2, 2],
                "panel_entry_openings": [0, 0, 1, 0, 0, 0],
                "new_openings": [0, 0, 0, 0, 1, 0],
            },
            id="a board that joins brings nothing new",
        ),
    ],
)
def test_truth_of_small_markets(board, showings, expected):
    market = tiny_market([board], showings)
    assert {column: series(market, column) for column in expected} == expected


def test_board_that_leaves_is_censored_not_closed():
    board = Board("lever", "b", EMPLOYER, 0, leaves=4)
    market = tiny_market([board], [showing("b", "o", 1, 30)], nights=12)
    assert series(market, "active_openings") == [0, 1, 1, 1] + [0] * 8
    assert series(market, "panel_exit_openings") == [0] * 4 + [1] + [0] * 7
    assert series(market, "closed_openings") == [0] * 12
    nights = truth.night_truth(market)
    assert nights[START + timedelta(days=4)] == NightFigures(0, 0, 0, 0, 1)
    short = replace(market, nights=10)  # six nights of 404 span five days: too few to judge
    assert series(short, "active_openings") == [0] + [1] * 9


def test_opening_on_two_boards_is_one():
    market = tiny_market(
        [Board("lever", "a", EMPLOYER, 0), Board("lever", "b", EMPLOYER, 0)],
        [showing("a", "o", 1, 4), showing("b", "o", 2, 5)],
    )
    assert series(market, "active_openings") == [0, 1, 1, 1, 1, 0]
    assert series(market, "active_postings") == [0, 1, 2, 2, 1, 0]
    assert series(market, "new_openings") == [0, 1, 0, 0, 0, 0]
    assert series(market, "closed_openings") == [0, 0, 0, 0, 0, 1]
    assert series(market, "employers_hiring") == [0, 1, 1, 1, 1, 0]


def test_thread_counts_a_returning_post_once_as_opening(market):
    figures = truth.thread_truth(market)
    posts = [thread.posts for thread in market.threads]
    whole = [figures[date(2026, month, 1), "all"] for month in (2, 3, 4, 5)]
    assert [one.new_postings for one in whole] == [len(month) for month in posts]
    assert [one.new_openings for one in whole] == [
        len(posts[0]), *(len(month) - 3 for month in posts[1:])
    ]  # fmt: skip


def test_ledger_of_the_whole_demo_balances(market):
    daily = truth.daily_truth(market)
    for (day, role), now in daily.items():
        before = daily.get((day - timedelta(days=1), role), Figures())
        gained = now.new_openings + now.reopened_openings + now.panel_entry_openings
        lost = now.closed_openings + now.panel_exit_openings
        assert now.active_openings == before.active_openings + gained - lost + (
            now.relabelled_openings
        ), (day, role)


def test_monthly_truth_sums_flows_and_keeps_the_last_stock(market):
    daily, monthly = truth.daily_truth(market), truth.monthly_truth(market)
    april = monthly[date(2026, 4, 1), "vp_engineering"]
    days = [daily[date(2026, 4, day), "vp_engineering"] for day in range(1, 31)]
    assert april.new_openings == sum(day.new_openings for day in days)
    assert april.active_openings == days[-1].active_openings


# ── the comparison ───────────────────────────────────────────────────────────────────────────────


def published(market, folder):
    """Build the tables from what the boards of a tiny market would have shown."""
    rows = []
    for board in market.boards:
        nights = [night_of(market, board, night) for night in range(board.joins, market.nights)]
        rows.append(
            stores.Board(
                board.board,
                nights,
                start=board.joins,
                source=board.source,
                employer=board.employer.name,
                closes_after=truth.CLOSES_AFTER.get(board.source, 1),
                statuses=dict.fromkeys((night + 1 for night in board.blinks), "suspect"),
            )
        )
    workspace = Workspace(folder)
    stores.make_store(workspace.store, rows, first=market.start)
    return build(workspace, taxonomy=stores.TAXONOMY).path


def night_of(market, board, night):
    if night in board.fails:
        return "http_5xx"
    if board.leaves is not None and night >= board.leaves:
        return "http_404"
    shown = [] if night in board.blinks else market.listed(board.board, night)
    return [
        stores.Ad(public_id(board, one.posting_id), one.advert.title, location=one.advert.place)
        for one in shown
    ]


@pytest.fixture
def eventful():
    """A market with an instance of everything that can befall a board or a posting."""
    other = Employer("Mosswick (invented)", "US", "en", "a tool", "testers")
    boards = [
        Board("lever", "fails", EMPLOYER, 0, fails=frozenset({3, 4}), blinks=frozenset({8})),
        Board("jsonld", "site", EMPLOYER, 0),
        Board("ashby", "late", other, 0, joins=2),
        Board("greenhouse", "leaves", other, 0, leaves=6),
    ]
    showings = [
        showing("fails", "base", 0, 20),
        showing("fails", "in-gap", 1, 4),
        showing("fails", "opens-in-gap", 4, 20),
        showing("fails", "shared", 2, 7),
        showing("site", "shared", 5, 11, posting_id="7"),
        showing("site", "flaps", 1, 4),
        showing("site", "flaps", 5, 9),
        showing("late", "base-of-late", 0, 20),
        showing("late", "again", 4, 6, posting_id="x"),
        showing("late", "again", 9, 12, posting_id="y"),
        showing("late", "relabelled", 5, 8, role="vp_product", title="VP of Product"),
        showing("late", "relabelled", 8, 13),
        showing("leaves", "censored", 3, 20),
    ]
    return tiny_market(boards, showings, nights=16)


def test_tables_equal_the_truth_of_an_eventful_market(eventful, tmp_path):
    same = compare(eventful, published(eventful, tmp_path))
    assert [str(one) for one in same.differences] == []
    assert same.report() == f"{same.figures:,} of {same.figures:,} figures equal the market's truth"


def test_comparison_names_every_figure_that_differs(eventful, tmp_path):
    path = published(eventful, tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update role_demand_daily set active_openings = 7 where day = '2026-03-18' "
            "and role_id = 'vp_engineering' and source = 'all' and country_code = 'all'"
        )
        connection.execute("delete from postings where posting_id = 'censored'")
        connection.execute(
            "update crawl_nights set failed_boards = 5 where crawl_date = '2026-03-16'"
        )
    comparison = compare(eventful, path)
    lines = [str(one) for one in comparison.differences]
    assert lines[0] == "role_demand_daily, 2026-03-18 vp_engineering: active_openings 7, in truth 5"
    assert (
        "postings, greenhouse leaves censored: first_seen_date None, in truth 2026-03-19" in lines
    )
    assert lines[-1] == "crawl_nights, 2026-03-16: failed_boards 5, in truth 0"
    assert comparison.report().endswith(
        f"{comparison.figures - len(lines):,} of {comparison.figures:,} figures equal the market's truth"
    )


def test_every_compared_figure_is_a_published_column(market):
    tables = load_tables()
    for claim in claims(market):
        published = set(tables[claim.table].columns)
        assert {*claim.key, *claim.columns} <= published


def test_shapes_declare_what_real_systems_declare():
    assert json.loads(shapes.greenhouse_board([])) == {"jobs": [], "meta": {"total": 0}}
    assert json.loads(shapes.lever_board([])) == []
    assert json.loads(shapes.ashby_board([])) == {"apiVersion": 1, "jobs": []}
    assert greenhouse.parse_listing(shapes.greenhouse_board([])).declared_total == 0

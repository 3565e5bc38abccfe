"""The demo market as its boards would show it on a night: a request in, an answer out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from crawler import boards
from crawler.demo import shapes
from crawler.demo.market import Board, Market, Showing
from crawler.demo.server import NOT_FOUND, Request, Response
from crawler.demo.shapes import Comment, Job, PayRange, Story
from crawler.demo.threads import Thread

INVENTED = {"X-Invented": "every employer, page and posting here is invented for a demo"}
BLANK = {"greenhouse": b'{"jobs": []}', "lever": b"[]", "ashby": b'{"jobs": []}'}
BROKEN = Response(500, b"Internal Server Error", "text/plain; charset=utf-8")
SOURCES = ("greenhouse", "lever", "ashby", "jsonld", "hackernews")
SITE_DOMAIN = "example"  # reserved: no such host can exist
HOUR = time(9, tzinfo=UTC)  # at which adverts change
READING_HOUR = time(18, tzinfo=UTC)  # what a thread shows on a night
XML, PAGE = "application/xml; charset=utf-8", "text/html; charset=utf-8"


@dataclass(slots=True)
class Site:
    """Answers for the whole market. `night` is what all boards stand at; move it to go on."""

    market: Market
    night: int = 0

    def __call__(self, request: Request) -> Response:
        for pattern, answer in ROUTES:
            if found := re.search(pattern, request.path):
                return replace(answer(self, request, *found.groups()), headers=INVENTED)
        return replace(NOT_FOUND, headers=INVENTED)

    def greenhouse(self, _request: Request, name: str) -> Response:
        return self._listing("greenhouse", name, shapes.greenhouse_board)

    def lever(self, _request: Request, name: str) -> Response:
        return self._listing("lever", name, shapes.lever_board)

    def ashby(self, _request: Request, name: str) -> Response:
        return self._listing("ashby", name, shapes.ashby_board)

    def _listing(self, source: str, name: str, write: Callable[[list[Job]], bytes]) -> Response:
        board = self.market.board.get(name)
        if board is None or board.source != source or self._has_left(board):
            return NOT_FOUND
        if self.night in board.fails:
            return BROKEN
        if self.night in board.blinks:
            return Response(200, BLANK[source])
        return Response(200, write([self._job(board, one) for one in self._listed(board)]))

    def sitemap(self, _request: Request, name: str) -> Response:
        board = self.market.board.get(name)
        if board is None or board.source != "jsonld" or self._has_left(board):
            return NOT_FOUND
        if self.night in board.fails:
            return BROKEN
        home = (f"{site_url(board)}/", self.market.date_of(0).isoformat())
        jobs = [self._job(board, one) for one in self._listed(board)]
        pages = [home, *((job.url, job.updated_at or "") for job in jobs)]
        return Response(200, shapes.sitemap(pages), XML)

    def page(self, _request: Request, name: str, posting_id: str) -> Response:
        board = self.market.board.get(name)
        showings = self._listed(board) if board else []
        for showing in showings:
            if board and showing.posting_id == posting_id:
                page = shapes.jsonld_page(self._job(board, showing))
                return Response(200, page, PAGE, self._stamp(showing.first))
        return replace(NOT_FOUND, body=b"<p>invented, and not here</p>", content_type=PAGE)

    def search(self, request: Request) -> Response:
        stories = [_story(thread, self._now) for thread in self._threads()]
        stories.append(
            Story(89_999_999, "Ask HN: Who wants to be hired? (March 2026)", self._stamp(-15))
        )
        page = int(request.query.get("page", "0"))
        size = int(request.query.get("hitsPerPage", shapes.HITS_PER_PAGE))
        return Response(200, shapes.algolia_search(stories, page=page, hits_per_page=size))

    def item(self, _request: Request, thread_id: str) -> Response:
        for thread in self._threads():
            if thread.thread_id == int(thread_id):
                comments = [
                    Comment(post.post_id, post.text_html, post.created_at, post.replies)
                    for post in thread.posts_by(self._now)
                ]
                return Response(200, shapes.algolia_item(_story(thread, self._now), comments))
        return NOT_FOUND

    @property
    def _now(self) -> datetime:
        return datetime.combine(self.market.date_of(self.night), READING_HOUR)

    def _threads(self) -> list[Thread]:
        return [one for one in self.market.threads if one.created_at <= self._now]

    def _has_left(self, board: Board) -> bool:
        return self.night < board.joins or (board.leaves is not None and self.night >= board.leaves)

    def _listed(self, board: Board) -> list[Showing]:
        return [] if self._has_left(board) else self.market.listed(board.board, self.night)

    def _stamp(self, night: int) -> datetime:
        return datetime.combine(self.market.start + timedelta(days=night), HOUR)

    def _job(self, board: Board, showing: Showing) -> Job:
        advert = showing.advert
        return Job(
            job_id=showing.posting_id,
            title=advert.title,
            description_html=advert.description_html,
            place=advert.place,
            published_at=self._stamp(showing.published).isoformat(),
            updated_at=self._stamp(showing.first).isoformat(),
            url=f"{site_url(board)}/jobs/{showing.posting_id}",
            employer=board.employer.name,
            department=advert.department,
            country_code=board.employer.country_code,
            language=advert.language,
            pay=PayRange(advert.pay.low, advert.pay.high, advert.pay.currency)
            if advert.pay
            else None,
            is_remote=advert.is_remote,
        )


ROUTES: tuple[tuple[str, Callable[..., Response]], ...] = (
    (r"/v1/boards/([^/]+)/jobs$", Site.greenhouse),
    (r"/v0/postings/([^/]+)$", Site.lever),
    (r"/posting-api/job-board/([^/]+)$", Site.ashby),
    (rf"/([^/.]+)\.{SITE_DOMAIN}/sitemap\.xml$", Site.sitemap),
    (rf"/([^/.]+)\.{SITE_DOMAIN}/jobs/([^/]+)$", Site.page),
    (r"/search_by_date$", Site.search),
    (r"/items/(\d+)$", Site.item),
)


def base_urls(stand_in: str) -> dict[str, str]:
    """Return the base address of each source on a stand-in, as a crawl takes them."""
    return {source: f"{stand_in}/{source}" for source in SOURCES}


def registry(market: Market, night: int) -> tuple[boards.Board, ...]:
    """Return the rows of the registry on a night: a board that joins later isn't in it yet."""
    stock = [
        boards.Board(
            source=board.source,
            board=board.board,
            employer=board.employer.name,
            country_code=board.employer.country_code,
            url=f"{site_url(board)}/sitemap.xml" if board.source == "jsonld" else None,
            discovery_reason="list",
            added_date=market.date_of(board.joins),
            note="invented",
        )
        for board in market.boards
        if board.joins <= night
    ]
    threads = boards.Board(
        source="hackernews",
        board=market.thread_board,
        discovery_reason="list",
        added_date=market.start,
        note="invented",
    )
    return (*stock, threads)


def public_id(board: Board, posting_id: str) -> str:
    """Return the id by which the source knows a posting: on a site of pages, its address."""
    return f"{site_url(board)}/jobs/{posting_id}" if board.source == "jsonld" else posting_id


def site_url(board: Board) -> str:
    return f"https://{board.board}.{SITE_DOMAIN}"


def _story(thread: Thread, now: datetime) -> Story:
    return Story(thread.thread_id, thread.title, thread.created_at, len(thread.posts_by(now)))

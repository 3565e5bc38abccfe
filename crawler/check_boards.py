"""Whether boards of the registry still answer: one polite listing request each, nothing stored."""

from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

from crawler.board_urls import board_of_url
from crawler.boards import Board
from crawler.errors import FetchError, SourceError
from crawler.items import Index, Listing
from crawler.sources import load_spiders
from crawler.spiders.base import BoardSpider


class Probe(Protocol):
    """
    Fetches an address with an Accept header by the rules of a crawl; posts a JSON body if given.

    Returns the last address of the redirects and the body, raises FetchError.
    """

    def __call__(
        self, address: str, accept: str, post: str | None = None, /
    ) -> tuple[str, bytes]: ...


DEAD = frozenset({"http_404", "http_410", "dns_nxdomain"})


class BoardState(NamedTuple):
    """`postings` counts the first page; `reason` names what to do about a board that isn't live."""

    board: Board
    state: Literal["live", "empty", "moved", "dead", "failed"]
    postings: int = 0
    reason: str = ""


def check_board(board: Board, probe: Probe) -> BoardState:
    """Ask for a board's list, or for the index of a source that has one."""
    spider = load_spiders()[board.source]
    if reason := spider.off_on(datetime.now(UTC).date()):
        return BoardState(board, "failed", reason=f"the source is off: {reason}")
    address = spider.board_url(spider.index_url or spider.listing_url, board)
    url, post = spider.request_of(address) if spider.index_url is None else (address, None)
    try:
        last_address, body = probe(url, spider.accept, *([post] if post else []))
        seen = count(spider, body)
    except FetchError as error:
        state: Literal["dead", "failed"] = "dead" if error.failure_class in DEAD else "failed"
        return BoardState(board, state, reason=f"{error.failure_class}: {error}")
    except SourceError as error:
        return BoardState(board, "failed", reason=f"{error.failure_class}: {error}")
    now = board_of_url(last_address)
    if now and (now.source, now.board.lower()) != (board.source, board.board.lower()):
        return BoardState(
            board, "moved", seen, f"answers as {now.source}/{now.board}: add that one"
        )
    return BoardState(board, "live" if seen else "empty", seen)


def count(spider: type[BoardSpider], body: bytes) -> int:
    """Count what the first page names: postings, references, further lists, or monthly threads."""
    page: Index | Listing = (
        spider.parse_index(body) if spider.parse_index else spider.parse_listing(body)
    )
    if isinstance(page, Index):
        return len(page.units)
    return len(page.postings) + len(page.refs) + len(page.listing_urls)

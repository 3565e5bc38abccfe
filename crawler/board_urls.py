"""From any address of an employer's jobs to the source and board that publish them."""

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.boards import SOURCES
from crawler.errors import ConfigurationError

# Follows redirects politely; returns the last address and the page's text.
Fetch = Callable[[str], tuple[str, str]]


class BoardRef(NamedTuple):
    source: str
    board: str
    url: str | None = None  # only where the source can't make the address from the board


_NAME = r"(?P<board>[^/?#&\s\"'<>\\]+)"
_LABEL = r"(?P<board>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
# Host and path of public pages, embeds and endpoints; the first that matches wins. The groups are
# the parts of the board's name.
_PATTERNS = [
    ("greenhouse", rf"(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/embed/job_\w+(?:/js)?\?(?:\S*?&)?for={_NAME}"),
    ("greenhouse", rf"(?:boards-api|api)\.greenhouse\.io/v1/boards/{_NAME}"),
    ("greenhouse", rf"(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?!embed\b){_NAME}"),
    ("lever_eu", rf"jobs\.eu\.lever\.co/{_NAME}"),
    ("lever_eu", rf"api\.eu\.lever\.co/v0/postings/{_NAME}"),
    ("lever", rf"jobs\.lever\.co/{_NAME}"),
    ("lever", rf"api\.lever\.co/v0/postings/{_NAME}"),
    ("ashby", rf"api\.ashbyhq\.com/posting-api/job-board/{_NAME}"),
    ("ashby", rf"jobs\.ashbyhq\.com/(?!api/|_next/){_NAME}"),
    ("workable", rf"apply\.workable\.com/api/v\d/(?:widget/)?accounts/{_NAME}"),
    ("workable", rf"apply\.workable\.com/(?!j/|api/){_NAME}"),
    ("workable", rf"(?!apply\.|www\.|help\.|jobs\.){_LABEL}\.workable\.com"),
    ("recruitee", rf"(?!www\.|api\.|docs\.|support\.){_LABEL}\.recruitee\.com"),
    ("teamtailor", r"(?!www\.|api\.|docs\.|support\.|career\.)(?P<board>[a-z0-9-]+(?:\.na)?)\.teamtailor\.com"),
    ("personio", rf"{_LABEL}\.jobs\.personio\.(?:de|com)"),
    ("pinpoint", rf"(?!www\.|developers\.){_LABEL}\.pinpointhq\.com"),
    ("rippling", rf"ats\.rippling\.com/(?:[a-z]{{2}}-[A-Z]{{2}}/)?{_NAME}/jobs"),
    ("rippling", rf"api\.rippling\.com/platform/api/ats/v\d/board/{_NAME}"),
    ("gem", rf"api\.gem\.com/job_board/v0/(?!reference|openapi){_NAME}"),
    ("gem", rf"jobs\.gem\.com/{_NAME}"),
    ("hrmos", rf"hrmos\.co/pages/{_NAME}"),
    ("herp", rf"herp\.careers/v1/{_NAME}"),
    ("talentio", rf"open\.talentio\.com/r/\d+/c/{_NAME}"),
    ("smartrecruiters", rf"(?:jobs|careers)\.smartrecruiters\.com/(?:oneclick-ui/company/)?{_NAME}"),
    ("smartrecruiters", rf"api\.smartrecruiters\.com/v1/companies/{_NAME}"),
    ("bamboohr", rf"(?!www\.|api\.|help\.|documentation\.){_LABEL}\.bamboohr\.com"),
    ("breezy", rf"(?!www\.|api\.|app\.|developer\.){_LABEL}\.breezy\.hr"),
    ("workday", r"([a-z0-9_-]+)\.(wd\d+)\.myworkdayjobs(?:-impl)?\.com/(?:wday/cxs/[^/]+/)?(?:[a-z]{2}-[A-Z]{2}/)?([^/?#\s\"'<>\\]+)"),
    ("comeet", r"(?:www\.)?comeet\.com?/careers-api/2\.0/company/([\w.]+)/positions\?(?:\S*&)?token=(\w+)"),
    ("jazzhr", rf"(?!www\.){_LABEL}\.applytojob\.com"),
    ("jazzhr", rf"app\.jazz\.co/feeds/export/jobs/{_NAME}"),
    ("join", rf"(?:www\.)?join\.com/companies/{_NAME}"),
    ("oracle", r"([a-z0-9-]+(?:\.fa)?(?:\.[a-z0-9-]+)?)\.oraclecloud\.com/hcmUI/CandidateExperience/\S*?sites/([\w-]+)"),
    ("successfactors", r"(career\w*\.successfactors\.(?:eu|com))/career\S*?[?&]company=([^&#\s\"'<>]+)"),
    ("icims", r"(?!www\.|api\.)(?P<board>[a-z0-9-]+)\.icims\.com/jobs"),
    ("eightfold", r"(?!www\.)([a-z0-9-]+)\.eightfold\.ai/\S*?[?&]domain=([\w.-]+)"),
    ("hackernews", r"(?:news\.ycombinator\.com/(?:submitted\?id=|user\?id=)(?P<board>whoishiring))"),
]  # fmt: skip
_COMPILED = [(source, re.compile(rf"(?:^|//){pattern}")) for source, pattern in _PATTERNS]


def board_of_url(url: str) -> BoardRef | None:
    """Return the board that an address of a known source belongs to."""
    for source, pattern in _COMPILED:
        if found := pattern.search(url):
            return BoardRef(source, "/".join(map(unquote, found.groups())))
    return None


def boards_of_page(html: str) -> list[BoardRef]:
    """Return the boards that a page links to or embeds, the most often named first."""
    addresses = re.findall(r"(?:https?:)?//[^\s\"'<>\\]+", unescape(html).replace("\\/", "/"))
    return [ref for ref, _ in Counter(filter(None, map(board_of_url, addresses))).most_common()]


def find_board(reference: str, fetch: Fetch | None = None) -> BoardRef:
    """
    Resolve "source/board" or an address, which may redirect to a board or be a page that embeds one.

    A page of no known source is one for ``jsonld``, by its own address. Raises ConfigurationError
    if the reference is neither form, or an address that is unknown when ``fetch`` isn't given.
    """
    if "://" not in reference:
        source, _, board = reference.partition("/")
        if source in SOURCES and board:
            return BoardRef(source, board)
        raise ConfigurationError(
            f"{reference!r} is no board: write an https address or SOURCE/BOARD, where SOURCE is"
            f" one of {', '.join(sorted(SOURCES))}"
        )
    if known := board_of_url(reference):
        return known
    if fetch is None:
        raise ConfigurationError(
            f"{reference}: no known source has this address; write SOURCE/BOARD"
        )
    address, html = fetch(reference)
    found = [board_of_url(address), *boards_of_page(html)]
    host = urlsplit(address).hostname or address
    return next(filter(None, found), BoardRef("jsonld", host, address))

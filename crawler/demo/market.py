"""
The demo market: 40 invented boards over 60 nights, and what befalls their postings.

Deterministic in its seed. Nights count from 0; a night's date is `Market.date_of(night)`.
"""

import hashlib
import tomllib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.demo import texts
from crawler.demo.texts import Advert, Dice, Employer
from crawler.demo.threads import Thread, build_threads

MARKET = Path(__file__).with_name("market.toml")
SEED = 2026
NAMESPACE = uuid.UUID("6f1d3c52-0000-4000-8000-76706f650000")

MEAN_LIFE = 45  # nights that a posting stays open
SHORTEST_LIFE = 5
REWRITTEN_SHARE = 0.1  # of postings whose pay is edited in place once
EXECUTIVE_ROLES = {
    "vp_engineering", "vp_technology", "cto", "head_of_engineering", "director_engineering",
    "vp_product", "head_of_product",
}  # fmt: skip
# Weight of each role among new postings on the first and on the last night: the VPoE's rises.
ROLE_WEIGHTS = {
    "vp_engineering": (1.0, 16.0), "vp_technology": (0.5, 0.5), "cto": (1.0, 1.0),
    "head_of_engineering": (1.5, 1.5), "director_engineering": (2.0, 2.0),
    "vp_product": (1.0, 1.0), "head_of_product": (1.0, 1.0), "engineering_manager": (6.0, 6.0),
    "tech_lead": (4.0, 4.0), "product_manager": (6.0, 6.0), "software_engineer": (34.0, 30.0),
    "data_engineer": (6.0, 6.0), "ml_engineer": (5.0, 7.0), "data_scientist": (4.0, 4.0),
    "sre": (5.0, 5.0), "qa_engineer": (3.0, 3.0), "security_engineer": (3.0, 3.0),
    "other": (16.0, 16.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    source: str
    board: str
    employer: Employer
    size: int  # postings open at the start, drawn by chance
    joins: int = 0  # first night in the registry
    leaves: int | None = None  # 404 from this night on
    fails: frozenset[int] = frozenset()  # nights that answer 500
    blinks: frozenset[int] = frozenset()  # nights that answer an empty list


@dataclass(frozen=True, slots=True)
class Showing:
    """A posting on a board with one advert, on the nights [first, end)."""

    board: str
    posting_id: str
    opening: str  # showings of one opening share it
    role: str
    advert: Advert
    first: int
    end: int
    published: int  # the night that the source states as its date


@dataclass(frozen=True)
class Market:
    start: date
    nights: int
    boards: tuple[Board, ...]
    showings: tuple[Showing, ...]
    threads: tuple[Thread, ...] = ()
    thread_board: str = "whoishiring"

    def date_of(self, night: int) -> date:
        return self.start + timedelta(days=night)

    def night_of(self, day: date) -> int:
        return (day - self.start).days

    @cached_property
    def board(self) -> Mapping[str, Board]:
        return {board.board: board for board in self.boards}

    @cached_property
    def by_board(self) -> Mapping[str, list[Showing]]:
        found: dict[str, list[Showing]] = defaultdict(list)
        for showing in self.showings:
            found[showing.board].append(showing)
        return found

    def listed(self, board: str, night: int) -> list[Showing]:
        """Return what the board shows on the night, in the order of opening."""
        return [one for one in self.by_board.get(board, ()) if one.first <= night < one.end]


def build_market(*, seed: int = SEED, nights: int | None = None) -> Market:
    """Return the demo market; a shorter one is the beginning of the full one."""
    plan = tomllib.loads(MARKET.read_text(encoding="utf-8"))
    boards = tuple(_boards(plan, seed))
    start: date = plan["calendar"]["start"]
    by_name = {board.board: board for board in boards}
    told = [one for story in plan["stories"] for one in _tell(story, by_name, plan, seed)]
    taken = _Taken()
    for showing in told:
        taken.take(by_name[showing.board].employer.name, showing.role, showing.advert.title)
    drawn = [showing for board in boards for showing in _draw(board, plan, taken, seed)]
    return Market(
        start=start,
        nights=nights or plan["calendar"]["nights"],
        boards=boards,
        showings=tuple(
            sorted([*told, *drawn], key=lambda one: (one.board, one.first, one.opening))
        ),
        threads=build_threads(plan, seed),
        thread_board=plan["threads"]["board"],
    )


def _boards(plan: Mapping[str, Any], seed: int) -> Iterator[Board]:
    for group in plan["boards"]:
        for row in group["boards"]:
            yield Board(
                source=group["source"],
                board=row["board"],
                employer=employer(row["employer"], row["country"], plan, seed),
                size=row["size"],
                joins=row.get("joins", 0),
                leaves=row.get("leaves"),
                fails=frozenset(row.get("fails", ())),
                blinks=frozenset(row.get("blinks", ())),
            )


def employer(name: str, country_code: str, plan: Mapping[str, Any], seed: int) -> Employer:
    dice = Dice(f"{seed}/employer/{name}")
    language = "ja" if country_code == "JP" else "en"
    return Employer(
        name=name,
        country_code=country_code,
        language=language,
        product=dice.pick(plan["products"][language]),
        customers=dice.pick(plan["customers"][language]),
    )


# ── stories ──────────────────────────────────────────────────────────────────────────────────────


def _tell(
    story: Mapping[str, Any], boards: Mapping[str, Board], plan: Mapping[str, Any], seed: int
) -> Iterator[Showing]:
    """Yield the showings of one story of market.toml."""
    board, key = boards[story["board"]], story["key"]
    dice = Dice(f"{seed}/story/{key}")
    places = story.get("cities") or [dice.pick(plan["places"][board.employer.country_code])]
    advert = _advert(story, board, places[0], dice)
    for number, place in enumerate(places):
        opening = f"{key}/{number}"
        placed = replace(advert, place=place)  # copies for other cities share the text
        showing = _showing(board, opening, story["role"], placed, story["nights"])
        yield from _become(showing, story.get("becomes"), board, dice)
        yield from _return(showing, story.get("returns"), board)
        if other := story.get("also_on"):
            yield _showing(boards[other["board"]], opening, story["role"], placed, other["nights"])


def _advert(story: Mapping[str, Any], board: Board, place: str, dice: Dice) -> Advert:
    return texts.compose(
        dice,
        role=story["role"],
        title=story["title"],
        employer=board.employer,
        place=place,
        mode=story.get("mode"),
    )


def _showing(
    board: Board, opening: str, role: str, advert: Advert, nights: Sequence[int]
) -> Showing:
    first, end = nights
    return Showing(
        board=board.board,
        posting_id=posting_id(board, opening),
        opening=opening,
        role=role,
        advert=advert,
        first=first,
        end=end,
        published=first,
    )


def _become(
    showing: Showing, change: Mapping[str, Any] | None, board: Board, dice: Dice
) -> Iterator[Showing]:
    """Yield the showing, cut in two if it is edited in place."""
    if not change:
        yield showing
        return
    night: int = change["night"]
    advert = _advert(change, board, showing.advert.place, dice)
    yield replace(showing, end=night)
    yield replace(showing, first=night, role=change["role"], advert=advert)


def _return(showing: Showing, back: Mapping[str, Any] | None, board: Board) -> Iterator[Showing]:
    if back:
        first, end = back["nights"]
        if back["same_id"]:
            yield replace(showing, first=first, end=end)
        else:
            again = posting_id(board, f"{showing.opening}/again")
            yield replace(showing, posting_id=again, first=first, end=end, published=first)


# ── the crowd ────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Taken:
    """Titles and executive roles that an employer has used: no two openings may be confused."""

    used: set[tuple[str, str]] = field(default_factory=set)

    def take(self, employer: str, role: str, title: str) -> bool:
        keys = {(employer, title)} | ({(employer, role)} if role in EXECUTIVE_ROLES else set())
        if keys & self.used:
            return False
        self.used |= keys
        return True


def _draw(board: Board, plan: Mapping[str, Any], taken: _Taken, seed: int) -> Iterator[Showing]:
    """Yield the postings of one board that no story tells."""
    dice = Dice(f"{seed}/board/{board.board}")
    nights: int = plan["calendar"]["nights"]
    for number, (first, end) in enumerate(_lives(dice, board.size, nights)):
        place = dice.pick(plan["places"][board.employer.country_code])
        role, title = _role_and_title(dice, board, place, max(first, 0) / nights, taken)
        advert = texts.compose(dice, role=role, title=title, employer=board.employer, place=place)
        opening = f"{board.board}/{number}"
        showing = _showing(board, opening, role, advert, (first, end))
        yield from _perhaps_rewritten(dice, showing)


def _lives(dice: Dice, size: int, nights: int) -> Iterable[tuple[int, int]]:
    """Return [first, end) of `size` postings open at night 0 and of those that arrive later."""
    for _ in range(size):
        yield -dice.between(1, 2 * MEAN_LIFE), dice.between(3, 2 * MEAN_LIFE)
    for night in range(1, nights):
        if dice.random() < size / MEAN_LIFE:
            yield night, night + dice.between(SHORTEST_LIFE, 2 * MEAN_LIFE - SHORTEST_LIFE)


def _role_and_title(
    dice: Dice, board: Board, place: str, progress: float, taken: _Taken
) -> tuple[str, str]:
    while True:
        role = _role(dice, progress)
        title = texts.title(dice, role, board.employer.language, place)
        if taken.take(board.employer.name, role, title):
            return role, title


def _role(dice: Dice, progress: float) -> str:
    weights = {
        role: start + (end - start) * progress for role, (start, end) in ROLE_WEIGHTS.items()
    }
    point = dice.random() * sum(weights.values())
    for role, weight in weights.items():
        point -= weight
        if point < 0:
            return role
    return "other"


def _perhaps_rewritten(dice: Dice, showing: Showing) -> Iterator[Showing]:
    night = dice.between(max(showing.first, 0) + 1, showing.end)
    if dice.random() >= REWRITTEN_SHARE or night >= showing.end:
        yield showing
        return
    heading, sentences = showing.advert.paragraphs[-2]
    edited = (heading, sentences[:-1])
    paragraphs = (*showing.advert.paragraphs[:-2], edited, showing.advert.paragraphs[-1])
    yield replace(showing, end=night)
    yield replace(showing, first=night, advert=replace(showing.advert, paragraphs=paragraphs))


def posting_id(board: Board, key: str) -> str:
    """Return an id in the form of the board's source: a number, or a UUID."""
    if board.source in {"lever", "ashby"}:
        return str(uuid.uuid5(NAMESPACE, f"{board.board}/{key}"))
    digest = hashlib.blake2b(f"{board.board}/{key}".encode(), digest_size=4).digest()
    return str(4_000_000_000 + int.from_bytes(digest))

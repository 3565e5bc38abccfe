"""
What the tables must say about the demo market, worked out from the market's own events.

Nothing here reads the store or runs SQL on it: the rules of method 2.1 and 2.2 are followed night
by night, and which postings are one opening is known, not inferred. `compare` then reads the
published file and lists every figure that differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

from crawler.demo.market import Board, Market
from crawler.demo.site import READING_HOUR, public_id
from crawler.demo.texts import Advert

CLOSES_AFTER = {"jsonld": 2}  # ok nights without a posting that close it; 1 elsewhere
GONE_NIGHTS, GONE_SPAN_DAYS = 3, 7
ALL = "all"
LEADERSHIP = (
    "vp_engineering", "vp_technology", "cto", "head_of_engineering", "director_engineering",
    "vp_product", "cpo",
)  # fmt: skip


@dataclass(slots=True)
class Figures:
    """What happened to one role on a day; the names are those of role_demand_daily."""

    active_openings: int = 0
    active_postings: int = 0
    employers_hiring: int = 0
    new_openings: int = 0
    reopened_openings: int = 0
    panel_entry_openings: int = 0
    closed_openings: int = 0
    panel_exit_openings: int = 0
    relabelled_openings: int = 0
    new_postings: int = 0
    closed_postings: int = 0


STOCKS = ("active_openings", "active_postings", "employers_hiring")
FLOWS = tuple(one.name for one in fields(Figures) if one.name not in STOCKS)
Truth = dict[tuple[date, str], Figures]  # (day, or first day of a month; role or ALL)


@dataclass(slots=True)
class ThreadFigures:
    """What one month's thread offers for one role; the names are those of role_demand_monthly."""

    new_postings: int = 0
    new_openings: int = 0
    employers_hiring: int = 0


@dataclass(slots=True)
class NightFigures:
    """How a night went for the boards with a stock; the names are those of the tables."""

    boards_observed: int = 0
    boards_in_panel: int = 0
    suspect_boards: int = 0
    failed_boards: int = 0
    gone_boards: int = 0


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What is known of one posting in the end; the names are those of postings."""

    title: str | None = None
    language: str | None = None
    first_seen_date: date | None = None
    closed_date: date | None = None
    is_active: bool | None = None
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str | None = None


@dataclass(slots=True)
class Spell:
    """A posting from the night it was first seen until it closed, or its board left the panel."""

    board: Board
    posting_id: str
    opening: str
    first: int
    is_entry: bool  # there when its board entered: it isn't new
    advert: Advert  # as last seen
    roles: dict[int, str] = field(default_factory=dict)  # from night -> role
    end: int | None = None
    is_closed: bool = False

    def role_on(self, night: int) -> str | None:
        if night < self.first or (self.end is not None and night >= self.end):
            return None
        return next(role for since, role in reversed(self.roles.items()) if since <= night)


def spells_of(market: Market) -> list[Spell]:
    return [spell for board in market.boards for spell in _board_spells(market, board)]


def _board_spells(market: Market, board: Board) -> Iterator[Spell]:
    nights = list(_readable_nights(market, board))
    if not nights:
        return
    whole = [night for night, is_whole in nights if is_whole]
    ids = dict.fromkeys(showing.posting_id for showing in market.by_board.get(board.board, ()))
    for posting_id in ids:
        for spell in _posting_spells(market, board, posting_id, nights):
            if spell.end is None and _has_gone(market, board):
                spell.end = whole[-1] + 1
            yield spell


def _readable_nights(market: Market, board: Board) -> Iterator[tuple[int, bool]]:
    """Yield the nights that list anything, and whether absence on them is evidence."""
    last = market.nights if board.leaves is None else min(board.leaves, market.nights)
    for night in range(board.joins, last):
        if night not in board.fails:
            yield night, night not in board.blinks


def _has_gone(market: Market, board: Board) -> bool:
    missing = market.nights - board.leaves if board.leaves is not None else 0
    return missing >= GONE_NIGHTS and missing - 1 >= GONE_SPAN_DAYS


def _posting_spells(
    market: Market, board: Board, posting_id: str, nights: Iterable[tuple[int, bool]]
) -> Iterator[Spell]:
    spell: Spell | None = None
    absent: list[int] = []
    entry_night: int | None = None
    for night, is_whole in nights:
        entry_night = night if entry_night is None else entry_night
        shown = [] if night in board.blinks else market.listed(board.board, night)
        found = next((one for one in shown if one.posting_id == posting_id), None)
        if found:
            absent = []
            if spell is None:
                is_entry = night == entry_night
                spell = Spell(board, posting_id, found.opening, night, is_entry, found.advert)
            spell.advert = found.advert
            if not spell.roles or found.role != list(spell.roles.values())[-1]:
                spell.roles[night] = found.role
        elif spell and is_whole:
            absent.append(night)
            if len(absent) == CLOSES_AFTER.get(board.source, 1):
                spell.end, spell.is_closed = absent[0], True
                yield spell
                spell, absent = None, []
    if spell:
        yield spell


def daily_truth(market: Market) -> Truth:
    """Return the figures of every night and role that has any; ALL stands for all roles."""
    truth: Truth = defaultdict(Figures)
    spells = spells_of(market)
    openings: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        openings[spell.opening].append(spell)
    for night in range(market.nights):
        day = market.date_of(night)
        _count_postings(truth, day, night, spells)
        for parts in openings.values():
            _count_opening(truth, day, night, parts)
    return dict(truth)


def _count_postings(truth: Truth, day: date, night: int, spells: Iterable[Spell]) -> None:
    employers: dict[str, set[str]] = defaultdict(set)
    for spell in spells:
        for role in _both(spell.role_on(night)):
            truth[day, role].active_postings += 1
            truth[day, role].new_postings += spell.first == night and not spell.is_entry
            employers[role].add(spell.board.employer.name)
        if spell.end == night and spell.is_closed:
            for role in _both(spell.role_on(night - 1)):
                truth[day, role].closed_postings += 1
    for role, names in employers.items():
        truth[day, role].employers_hiring = len(names)


def _both(role: str | None) -> tuple[str, ...]:
    return (role, ALL) if role else ()


def _count_opening(truth: Truth, day: date, night: int, parts: list[Spell]) -> None:
    """Add what one opening does on one night: it stands, begins, ends or is relabelled."""
    now = {role for spell in parts for role in _both(spell.role_on(night))}
    before = {role for spell in parts for role in _both(spell.role_on(night - 1))}
    for role in now:
        truth[day, role].active_openings += 1
    for role in now - before:
        figures = truth[day, role]
        if before:
            figures.relabelled_openings += 1
        elif any(spell.first == night and spell.is_entry for spell in parts):
            figures.panel_entry_openings += 1
        elif any(spell.first < night for spell in parts):
            figures.reopened_openings += 1
        else:
            figures.new_openings += 1
    for role in before - now:
        figures = truth[day, role]
        if now:
            figures.relabelled_openings -= 1
        elif any(spell.end == night and spell.is_closed for spell in parts):
            figures.closed_openings += 1
        else:
            figures.panel_exit_openings += 1


def monthly_truth(market: Market) -> Truth:
    """Return the figures of every month and role: stocks of its last night, flows summed."""
    truth: Truth = defaultdict(Figures)
    last_day = market.date_of(market.nights - 1)
    for (day, role), figures in daily_truth(market).items():
        month = truth[day.replace(day=1), role]
        for column in FLOWS:
            setattr(month, column, getattr(month, column) + getattr(figures, column))
        if (day + timedelta(days=1)).day == 1 or day == last_day:
            for column in STOCKS:
                setattr(month, column, getattr(figures, column))
    return dict(truth)


def thread_truth(market: Market) -> Mapping[tuple[date, str], ThreadFigures]:
    """
    Return the figures of every month's thread and leadership role; ALL counts its posts.

    An employer that comes back next month with the same post continues its opening.
    """
    truth: dict[tuple[date, str], ThreadFigures] = defaultdict(ThreadFigures)
    known: set[str] = set()
    end = datetime.combine(market.date_of(market.nights - 1), READING_HOUR)
    for thread in market.threads:
        month = date.fromisoformat(f"{thread.month}-01")
        for post in thread.posts_by(end):
            for role in (ALL, *(role for role in post.roles if role in LEADERSHIP)):
                figures = truth[month, role]
                figures.new_postings += 1
                figures.employers_hiring += 1
                figures.new_openings += post.employer not in known
        known |= {post.employer for post in thread.posts_by(end)}
    return truth


def night_truth(market: Market) -> Mapping[date, NightFigures]:
    truth = {market.date_of(night): NightFigures() for night in range(market.nights)}
    for board in market.boards:
        whole = {night for night, is_whole in _readable_nights(market, board) if is_whole}
        for night in range(board.joins, market.nights):
            figures = truth[market.date_of(night)]
            has_left = board.leaves is not None and night >= board.leaves
            is_gone = has_left and _has_gone(market, board)
            figures.boards_observed += night in whole
            figures.boards_in_panel += not is_gone and night >= min(whole)
            figures.gone_boards += is_gone
            figures.failed_boards += night in board.fails or (has_left and not is_gone)
            figures.suspect_boards += night in board.blinks and not has_left
    return truth


def posting_truth(market: Market) -> Mapping[tuple[str, str, str], PostingFacts]:
    """Return the facts of each posting of a board, by source, board and the source's id."""
    by_posting: dict[tuple[str, str, str], list[Spell]] = defaultdict(list)
    for spell in spells_of(market):
        key = (spell.board.source, spell.board.board, public_id(spell.board, spell.posting_id))
        by_posting[key].append(spell)
    return {key: _facts(market, spells) for key, spells in by_posting.items()}


def _facts(market: Market, spells: list[Spell]) -> PostingFacts:
    first, last = spells[0], spells[-1]
    pay = last.advert.pay
    return PostingFacts(
        title=last.advert.title,
        language=last.advert.language,
        first_seen_date=market.date_of(first.first),
        closed_date=market.date_of(last.end) if last.is_closed and last.end is not None else None,
        is_active=last.end is None,
        salary_min=pay.low if pay else None,
        salary_max=pay.high if pay else None,
        salary_currency=pay.currency if pay else None,
    )

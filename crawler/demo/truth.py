"""
What the tables must say about the demo market, worked out from the market's own events.

Nothing here reads the store or runs SQL on it: the rules of method 2.1 and 2.2 are followed night
by night, and which postings are one opening is known, not inferred. `compare` then reads the
published file and lists every figure that differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.demo.market import Board, Market

CLOSES_AFTER = {"jsonld": 2}  # ok nights without a posting that close it; 1 elsewhere
GONE_NIGHTS, GONE_SPAN_DAYS = 3, 7
STOCK_COLUMNS = ("active_postings", "active_openings", "employers_hiring")
FLOW_COLUMNS = ("new_openings", "reopened_openings", "closed_openings")


@dataclass(slots=True)
class Figures:
    """A day, or a month: stocks are those of its last day."""

    active_postings: int = 0
    active_openings: int = 0
    employers_hiring: int = 0
    new_openings: int = 0
    reopened_openings: int = 0
    closed_openings: int = 0


Truth = Mapping[tuple[date, str], Figures]  # by day, or first day of the month, and role


@dataclass(slots=True)
class Spell:
    """A posting from the night it was first seen until it closed, or its board left the panel."""

    board: Board
    posting_id: str
    opening: str
    first: int
    is_entry: bool  # there when its board entered: it isn't new
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
                spell = Spell(board, posting_id, found.opening, night, night == entry_night)
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


def daily_truth(market: Market) -> dict[tuple[date, str], Figures]:
    """Return the figures of every night and role that has any."""
    truth: dict[tuple[date, str], Figures] = defaultdict(Figures)
    spells = spells_of(market)
    openings: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        openings[spell.opening].append(spell)
    for night in range(market.nights):
        day = market.date_of(night)
        employers: dict[str, set[str]] = defaultdict(set)
        for spell in spells:
            if role := spell.role_on(night):
                truth[day, role].active_postings += 1
                employers[role].add(spell.board.employer.name)
        for role, names in employers.items():
            truth[day, role].employers_hiring = len(names)
        for parts in openings.values():
            _count_opening(truth, day, night, parts)
    return dict(truth)


def _count_opening(
    truth: dict[tuple[date, str], Figures], day: date, night: int, parts: list[Spell]
) -> None:
    """Add what one opening does on one night: it stands, opens, reopens or closes."""
    now = {role for spell in parts if (role := spell.role_on(night))}
    before = {role for spell in parts if (role := spell.role_on(night - 1))}
    for role in now:
        truth[day, role].active_openings += 1
    if now and not before:
        starting = [spell for spell in parts if spell.first == night]
        is_known = any(spell.first < night for spell in parts)
        if not all(spell.is_entry for spell in starting):
            for role in now:
                truth[day, role].reopened_openings += is_known
                truth[day, role].new_openings += not is_known
    if before and not now and any(spell.end == night and spell.is_closed for spell in parts):
        for role in before:
            truth[day, role].closed_openings += 1


def monthly_truth(market: Market) -> dict[tuple[date, str], Figures]:
    """Return the figures of every month and role: stocks of its last night, flows summed."""
    truth: dict[tuple[date, str], Figures] = defaultdict(Figures)
    last_day = market.date_of(market.nights - 1)
    for (day, role), figures in daily_truth(market).items():
        month = truth[day.replace(day=1), role]
        for column in FLOW_COLUMNS:
            setattr(month, column, getattr(month, column) + getattr(figures, column))
        if (day + timedelta(days=1)).day == 1 or day == last_day:
            for column in STOCK_COLUMNS:
                setattr(month, column, getattr(figures, column))
    return dict(truth)

"""The postings behind the figures: short quotations with their evidence, and the link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.render import printable
from warehouse.report.world import World

LIMIT = 40  # newest of each role
FEWEST_EMPLOYERS = 3  # fewer are shown as a count (method 4)
LONGEST_EXCERPT = 200  # characters, the small quotation

COUNTS = """
    select role_id, count(*) as postings, count(distinct coalesce(p.employer, p.posting_id)) as employers
    from postings as p join posting_roles as r using (source, board, posting_id)
    where r.is_current and list_contains($roles, r.role_id) and p.kind = $kind
    group by all
"""
NEWEST = """
    select p.source, p.board, p.posting_id, p.title, p.employer, p.location, p.url,
        p.first_seen_date, p.last_seen_date, p.closed_date, p.is_active, m.excerpt, m.text,
        case when p.kind = 'flow' then p.board end as thread
    from postings as p
    join posting_roles as r using (source, board, posting_id)
    left join (
        select source, board, posting_id, role_id,
            arg_max(excerpt, length(excerpt)) as excerpt, arg_max(text, length(excerpt)) as text
        from mentions where mention_kind = 'hires_for' group by all
    ) as m using (source, board, posting_id, role_id)
    where r.is_current and r.role_id = $role and p.kind = $kind
    order by thread desc nulls first, p.first_seen_date desc, p.source, p.board, p.posting_id limit $most
"""


@dataclass(frozen=True, slots=True)
class Quotation:
    before: str
    evidence: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    key: str
    title: str
    employer: str | None
    location: str | None
    url: str | None
    first_seen_date: date
    last_seen_date: date
    closed_date: date | None
    is_active: bool
    quotation: Quotation | None
    thread: str | None  # the month of a flow; its postings have no other date


@dataclass(frozen=True, slots=True)
class RolePostings:
    role_id: str
    label: str
    count: int
    is_withheld: bool
    shown: list[Shown]


def postings(world: World) -> Iterable[RolePostings]:
    counts = {
        row["role_id"]: row for row in world.fetch(COUNTS, roles=list(world.roles), kind=world.kind)
    }
    for role_id, label in world.roles.items():
        count = counts.get(role_id, {"postings": 0, "employers": 0})
        is_withheld = count["employers"] < FEWEST_EMPLOYERS
        rows = [] if is_withheld else world.fetch(NEWEST, role=role_id, kind=world.kind, most=LIMIT)
        yield RolePostings(role_id, label, count["postings"], is_withheld, [_shown(r) for r in rows])  # fmt: skip


def _shown(row: dict[str, Any]) -> Shown:
    names = ("first_seen_date", "last_seen_date", "closed_date", "is_active", "thread")
    return Shown(
        key=printable("/".join((row["source"], row["board"], row["posting_id"]))),
        title=printable(row["title"] or "")[:LONGEST_EXCERPT],
        employer=printable(row["employer"]) if row["employer"] else None,
        location=printable(row["location"]) if row["location"] else None,
        url=safe_url(row["url"]),
        quotation=quotation(row["excerpt"], row["text"]),
        **{name: row[name] for name in names},
    )


def safe_url(url: str | None) -> str | None:
    """The address if a click on it can only open a page."""
    return url if url and url.startswith(("https://", "http://")) else None


def quotation(excerpt: str | None, text: str | None) -> Quotation | None:
    """The excerpt, parted at its evidence; at most 200 characters, the evidence among them."""
    if not excerpt:
        return None
    plain, evidence = printable(excerpt), printable(text or "")
    start = max(plain.find(evidence), 0) if evidence else 0
    offset = max(0, min(start, len(plain) - LONGEST_EXCERPT))
    plain, start = plain[offset : offset + LONGEST_EXCERPT], start - offset
    end = start + len(evidence) if plain[start:].startswith(evidence) else start
    return Quotation(plain[:start], plain[start:end], plain[end:])

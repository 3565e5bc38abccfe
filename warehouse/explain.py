"""Why a posting counts as what it counts as: every span that something was read from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from warehouse.errors import UnknownNameError
from warehouse.query import open_published
from warehouse.render import Format, printable, render

SPAN_COLUMNS = ("concept", "concept_id", "detail", "field", "start_char", "end_char", "text")
SHOWN_CANDIDATES = 5
WHERE = "where source = $1 and board = $2 and posting_id = $3"
SPANS = f"""
    select 'role' as concept, role_id, mention_kind, field, start_char, end_char, text, excerpt
    from mentions {WHERE}
    union all
    select concept, concept_id, detail, field, start_char, end_char, text, null as excerpt
    from evidence {WHERE}
    order by field desc, start_char, end_char, concept, role_id
"""  # noqa: S608 - the names are ours, the values are bound


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span; `detail` is the kind of a role's mention or the period of a pay."""

    concept: str
    concept_id: str
    detail: str | None
    field: str
    start_char: int
    end_char: int
    text: str
    excerpt: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The facts of a posting, its roles over time, its opening, and the evidence of it all."""

    posting: dict[str, Any]
    roles: tuple[dict[str, Any], ...]
    opening: dict[str, Any] | None
    evidence: tuple[Evidence, ...]

    def render(self, form: Format = "table") -> str:
        """The evidence as rows; a table has the facts above it and the sentences below."""
        rows = [[getattr(one, name) for name in SPAN_COLUMNS] for one in self.evidence]
        if form == "json":
            return orjson.dumps(self, option=orjson.OPT_INDENT_2).decode() + "\n"
        if form == "csv":
            return render(rows, SPAN_COLUMNS, form)
        facts = [(name, value) for name, value in self.posting.items() if value is not None]
        roles = ", ".join(row["role_id"] for row in self.roles if row["is_current"]) or "none"
        quotes = [
            f'\n{one.concept_id} ({one.detail}): "{printable(one.excerpt)}"'
            for one in self.evidence
            if one.excerpt
        ]
        return (
            render(facts, ("fact", "value"))
            + f"\nRoles that it counts for: {roles}\n\n"
            + render(rows, SPAN_COLUMNS)
            + "".join(quotes)
            + "\n"
        )


def explain(path: Path, posting: str) -> Explanation:
    """
    Explain a posting of the published file, named `posting_id` or `source/board/posting_id`.

    Raises UnknownNameError if there is no such posting, or several (with their full names).
    """
    with open_published(path) as connection:
        key = _key(connection, posting)
        facts = _dicts(connection, "select * from postings", key)[0]
        roles = _dicts(connection, "select * from posting_roles", key)
        spans = connection.execute(SPANS, key).fetchall()
        opening = _opening(connection, facts["opening_id"])
    for row in roles:
        for name in ("source", "board", "posting_id"):
            del row[name]
    return Explanation(facts, tuple(roles), opening, tuple(Evidence(*span) for span in spans))


def _key(connection: duckdb.DuckDBPyConnection, posting: str) -> tuple[str, str, str]:
    found = connection.execute(
        "select source, board, posting_id from postings "
        "where posting_id = $1 or concat_ws('/', source, board, posting_id) = $1 order by all limit $2",
        [posting, SHOWN_CANDIDATES + 1],
    ).fetchall()
    if not found:
        raise UnknownNameError(f"no posting {posting!r}; find it in postings with `vpoe query`")
    if len(found) > 1:
        names = ", ".join("/".join(key) for key in found[:SHOWN_CANDIDATES])
        raise UnknownNameError(f"several postings are {posting!r}; name one as {names}")
    source, board, posting_id = found[0]
    return source, board, posting_id


def _opening(
    connection: duckdb.DuckDBPyConnection, opening_id: int | None
) -> dict[str, Any] | None:
    if opening_id is None:
        return None
    return _rows(connection, "select * from openings where opening_id = ?", [opening_id])[0]


def _dicts(
    connection: duckdb.DuckDBPyConnection, select: str, key: tuple[str, str, str]
) -> list[dict[str, Any]]:
    return _rows(connection, f"{select} {WHERE} order by all", list(key))


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object]
) -> list[dict[str, Any]]:
    result = connection.execute(sql, list(values))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

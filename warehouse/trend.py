"""How the demand for a role moves: the published counts by period, with what they rest on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import duckdb
import orjson

from warehouse.errors import UnknownNameError
from warehouse.query import open_published
from warehouse.render import Format, Rows, render
from warehouse.statistics import poisson_interval, share_interval
from warehouse.workspace import Workspace

Period = Literal["month", "week", "day"]
ALL = "all"
PER = 10_000
# What belongs under a table of counts (method 2.8).
UNITS = {"stock": "boards in the panel", "flow": "monthly threads"}
NOTES = (
    "Counts advertisements, not hires; headhunted, unadvertised and login-only posts are not in it.",
    "Intervals: 95 %, chance in what employers advertise, not what the panel doesn't cover.",
)
PROVISIONAL_NOTE = "Provisional periods may still change as later nights confirm or correct them."
FLOW_NOTE = "A thread has a flow only: nothing is active, nothing closes."


@dataclass(frozen=True, slots=True)
class TrendRow:
    """
    One period. Stocks are those of `period_end`; None where the source has no stock.

    The intervals are 95 %: exact Poisson for the new openings, Wilson for the share.
    """

    period_start: date
    period_end: date
    active_openings: int | None
    employers_hiring: int
    new_openings: int
    new_openings_low: float
    new_openings_high: float
    new_postings: int
    closed_openings: int | None
    reopened_openings: int | None
    panel_entry_openings: int | None
    panel_exit_openings: int | None
    share_per_10000: float | None
    share_low: float | None
    share_high: float | None
    boards_observed: int
    boards_in_panel: int | None
    imputed_share: float | None
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend of one role (or role group) in one slice, and what belongs under it."""

    role_id: str
    label_en: str
    label_ja: str
    by: Period
    kind: Literal["stock", "flow"]
    source: str
    country_code: str
    as_of_date: date
    boards: int  # in the panel on the newest night; of a flow, its threads
    rows: tuple[TrendRow, ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(TrendRow))

    @property
    def values(self) -> Rows:
        return [[getattr(row, name) for name in self.columns] for row in self.rows]

    def render(self, form: Format = "table") -> str:
        """The rows; in JSON with all that is known about them, in a table with the notes."""
        if form == "json":
            return orjson.dumps(self, option=orjson.OPT_INDENT_2).decode() + "\n"
        if form == "csv":
            return render(self.values, self.columns, form)
        table = [_cells(row, self.kind) for row in self.rows]
        columns = [self.by, *(HEADINGS if self.kind == "stock" else FLOW_HEADINGS)]
        return render(table, columns, form) + "".join(f"\n{note}" for note in self.notes) + "\n"


HEADINGS = (
    "active",
    "employers",
    "new",
    "95 %",
    "closed",
    "per 10,000",
    "boards",
    "panel",
    "carried",
    "",
)
FLOW_HEADINGS = ("posts", "employers", "new", "95 %", "per 10,000", "threads", "")


def _cells(row: TrendRow, kind: str) -> list[object]:
    """What a terminal has room for; JSON and CSV have it all."""
    interval = f"{row.new_openings_low:.1f}–{row.new_openings_high:.1f}"
    share = None if row.share_per_10000 is None else f"{row.share_per_10000:,.1f}"
    mark = "provisional" if row.is_provisional else ""
    if kind == "flow":
        counts = [row.new_postings, row.employers_hiring, row.new_openings]
        return [row.period_start, *counts, interval, share, row.boards_observed, mark]
    counts = [row.active_openings or 0, row.employers_hiring, row.new_openings]
    carried = f"{row.imputed_share or 0:.0%}"
    tail = [row.closed_openings, share, row.boards_observed, row.boards_in_panel, carried, mark]
    return [row.period_start, *counts, interval, *tail]


def trend(
    where: Workspace | Path,
    role: str,
    by: Period = "month",
    *,
    country: str | None = None,
    source: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
) -> Trend:
    """
    Return the trend of a role or role group, named by its id or its label.

    Without `source` it is that of all boards with a stock, or of the flow if there is only that;
    `as_of` gives it as it was published on that day. Raises UnknownNameError, with near names, for
    a role, country or source that the file doesn't hold, for weeks and days of what has months
    only, and for a day before the first file; NotPublishedError if there is no file.
    """
    path = where.warehouse if isinstance(where, Workspace) else where
    with open_published(path) as connection:
        role_id, label_en, label_ja = find_role(connection, role)
        kind, source_name = find_source(connection, source)
        _refuse_short_periods(by, source_name if kind == "flow" else None, as_of)
        country_code = find_country(connection, country)
        slice_values = {"kind": kind, "source": source_name, "country": country_code}
        question = {**slice_values, "role": role_id, "since": since or date.min}
        rows = _rows(connection, by, question, as_of)
        as_of_date, boards, flows = _about(connection, kind, source_name)
        if as_of:
            as_of_date, boards = _published(connection, as_of), _boards_then(rows, kind)
    panel = f"Panel: {boards} {UNITS[kind]}, source {source_name}; as of {as_of_date}."
    return Trend(
        role_id=role_id,
        label_en=label_en,
        label_ja=label_ja,
        by=by,
        kind=kind,
        source=source_name,
        country_code=country_code,
        as_of_date=as_of_date,
        boards=boards,
        rows=rows,
        notes=(panel, *NOTES, *_special_notes(kind, rows, flows)),
    )


def _special_notes(
    kind: str, rows: Iterable[TrendRow], flow_sources: Iterable[str]
) -> Iterator[str]:
    if any(row.is_provisional for row in rows):
        yield PROVISIONAL_NOTE
    if kind == "flow":
        yield FLOW_NOTE
    else:
        for source in flow_sources:
            yield f"Monthly threads are apart: ask for source {source}."


MONTHS = """
    select
        month as period_start, period_end_date as period_end, role_id, active_openings,
        employers_hiring, new_openings, new_postings, closed_openings, reopened_openings,
        panel_entry_openings, panel_exit_openings, all_active_openings, all_new_postings,
        share_per_10000, boards_observed, boards_in_panel, imputed_share, is_provisional
    from {table}
    where kind = $kind and source = $source and country_code = $country
"""
DAYS = """
    select
        cast(date_trunc('{by}', day) as date) as period_start, max(day) as period_end, role_id,
        arg_max(active_openings, day) as active_openings,
        arg_max(employers_hiring, day) as employers_hiring,
        sum(new_openings) as new_openings, sum(new_postings) as new_postings,
        sum(closed_openings) as closed_openings, sum(reopened_openings) as reopened_openings,
        sum(panel_entry_openings) as panel_entry_openings,
        sum(panel_exit_openings) as panel_exit_openings,
        arg_max(all_active_openings, day) as all_active_openings,
        cast(null as integer) as all_new_postings,
        arg_max_null(share_per_10000, day) as share_per_10000,
        max(boards_observed) as boards_observed,
        arg_max(boards_in_panel, day) as boards_in_panel,
        arg_max_null(imputed_share, day) as imputed_share,
        bool_or(is_provisional) as is_provisional
    from role_demand_daily
    where $kind = 'stock' and source = $source and country_code = $country
    group by all
"""
# Every period of the slice has a row: a role that nobody advertised is a zero, not a gap.
PERIODS = """
with periods as ({periods})

select
    whole.period_start,
    whole.period_end,
    case when $kind = 'stock' then coalesce(mine.active_openings, 0) end as active_openings,
    coalesce(mine.employers_hiring, 0) as employers_hiring,
    cast(coalesce(mine.new_openings, 0) as integer) as new_openings,
    cast(coalesce(mine.new_postings, 0) as integer) as new_postings,
    {flows},
    coalesce(whole.all_active_openings, whole.all_new_postings) as whole,
    whole.boards_observed,
    whole.boards_in_panel,
    round(coalesce(mine.imputed_share, whole.imputed_share), 4) as imputed_share,
    whole.is_provisional
from periods as whole
left join periods as mine on whole.period_start = mine.period_start and mine.role_id = $role
where whole.role_id = 'all' and whole.period_end >= $since
order by whole.period_start
"""
STOCK_FLOWS = (
    *("closed_openings", "reopened_openings", "panel_entry_openings", "panel_exit_openings"),
)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    by: Period,
    values: dict[str, Any],
    as_of: date | None,
) -> tuple[TrendRow, ...]:
    flows = ", ".join(
        f"case when $kind = 'stock' then cast(coalesce(mine.{name}, 0) as integer) end as {name}"
        for name in STOCK_FLOWS
    )
    table = f"as_of(date '{as_of}')" if as_of else "role_demand_monthly"
    periods = MONTHS.format(table=table) if by == "month" else DAYS.format(by=by)
    result = connection.execute(PERIODS.format(periods=periods, flows=flows), values)
    names = [column[0] for column in result.description or ()]
    return tuple(_row(dict(zip(names, row, strict=True))) for row in result.fetchall())


def _refuse_short_periods(by: Period, flow_source: str | None, as_of: date | None) -> None:
    if by == "month":
        return
    if flow_source:
        raise UnknownNameError(f"{flow_source} has one thread a month and no {by}s; ask by month")
    if as_of:
        raise UnknownNameError(f"what was published is kept by month, not by {by}; ask by month")


def _published(connection: duckdb.DuckDBPyConnection, as_of: date) -> date:
    """The newest night of what was published on the day. Raises UnknownNameError if nothing was."""
    found = connection.execute(
        "select arg_max(as_of_date, published_date) from publications where published_date <= $1",
        [as_of],
    ).fetchall()
    newest: date | None = found[0][0]
    if newest is None:
        first = connection.execute("select min(published_date) from publications").fetchall()[0][0]
        raise UnknownNameError(f"nothing was published on {as_of}; the first file is of {first}")
    return newest


def _boards_then(rows: Sequence[TrendRow], kind: str) -> int:
    if kind == "flow":
        return sum(row.boards_observed for row in rows)
    return (rows[-1].boards_in_panel or 0) if rows else 0


def _row(values: dict[str, Any]) -> TrendRow:
    """Add the share and the intervals to the counts; `whole` is what the share is of."""
    whole = values.pop("whole")
    active = values["active_openings"]
    part = values["new_postings"] if active is None else active
    share = share_interval(part, whole) if whole else None
    low, high = poisson_interval(values["new_openings"])
    return TrendRow(
        **values,
        new_openings_low=round(low, 3),
        new_openings_high=round(high, 3),
        share_per_10000=round(PER * part / whole, 3) if whole else None,
        share_low=round(PER * share.low, 3) if share else None,
        share_high=round(PER * share.high, 3) if share else None,
    )


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean x or y?`, or what there is if it is little, or nothing."""
    known = sorted(set(known))
    matches = get_close_matches(name.casefold(), known, n=3, cutoff=0.4)
    if matches:
        return f"; did you mean {' or '.join(matches)}?"
    return f"; there is {', '.join(known[:20])}" if known else ""


def find_role(connection: duckdb.DuckDBPyConnection, role: str) -> tuple[str, str, str]:
    known = connection.execute(
        "select role_id, preferred_label_en, preferred_label_ja from roles "
        "union all select distinct role_group_id, role_group_id, role_group_id from role_groups "
        "union all select 'all', 'All roles', '全職種'"
    ).fetchall()
    wanted = role.casefold()
    for names in known:
        if wanted in map(str.casefold, names):
            return names[0], names[1], names[2]
    raise UnknownNameError(f"no role {role!r}{near(role, (row[0] for row in known))}")


def find_source(
    connection: duckdb.DuckDBPyConnection, source: str | None
) -> tuple[Literal["stock", "flow"], str]:
    kinds = dict(connection.execute("select distinct source, kind from boards").fetchall())
    if source is None or source == ALL:
        flows = sorted(name for name, kind in kinds.items() if kind == "flow")
        is_flow_only = len(flows) == len(kinds) > 0
        return ("flow", flows[0]) if is_flow_only else ("stock", ALL)
    if source not in kinds:
        raise UnknownNameError(f"no source {source!r}{near(source, kinds)}")
    return kinds[source], source


def find_country(connection: duckdb.DuckDBPyConnection, country: str | None) -> str:
    if country is None:
        return ALL
    known = {
        row[0]
        for row in connection.execute(
            "select distinct country_code from role_demand_monthly"
        ).fetchall()
    }
    for code in (country.upper(), country.lower()):
        if code in known:
            return code
    raise UnknownNameError(f"no country {country!r}{near(country, known)}")


ABOUT = """
    select
        (select as_of_date from about),
        count(*) filter (
            where kind = $kind and $source in ('all', source)
            and (panel_entry_date is not null and panel_exit_date is null or thread_month is not null)
        ),
        coalesce(list(distinct source order by source) filter (where kind = 'flow'), [])
    from boards
"""


def _about(
    connection: duckdb.DuckDBPyConnection, kind: str, source: str
) -> tuple[Any, int, list[str]]:
    values = {"kind": kind, "source": source}
    as_of_date, boards, flows = connection.execute(ABOUT, values).fetchall()[0]
    return as_of_date, boards, flows

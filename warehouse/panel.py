"""
New openings of roles in two periods over the boards that both share: what comparisons rest on.

Boards with a stock: those that entered the panel before the first period, were in it until the end
of the second, and were seen whole on at least half of the nights of each (method 2.3). Of a monthly
thread: the threads of the same source.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import duckdb

from warehouse.periods import ONE_DAY, Period
from warehouse.statistics import (
    MIN_DENOMINATOR,
    ClusteredCount,
    Interval,
    Ratio,
    Standing,
    clustered_count,
    growth_interval,
    poisson_ratio,
    standing,
)

LEAST_OK_SHARE = 0.5  # of the nights of each period
MIN_EMPLOYERS = 5  # that an interval by employers is drawn from
HASH_CHARS = 12


@dataclass(frozen=True, slots=True)
class Slice:
    """What is counted, in the names of the published tables (`all` for no restriction)."""

    kind: Literal["stock", "flow"]
    source: str
    country_code: str


@dataclass(frozen=True, slots=True)
class Counted:
    """
    One role in one period: its new openings, and the largest of the employers they cluster in.

    `imputed_share` is the part of the open days that is carried from an earlier night.
    """

    new_openings: int
    all_new_openings: int
    clusters: ClusteredCount
    coverage_share: float
    imputed_share: float


@dataclass(frozen=True, slots=True)
class StockGrowth:
    """
    Mean openings open on a day of each period, and the interval of their ratio, by employers.

    The interval is None where the stock before is too thin for a link, or the employers too few.
    """

    before: float
    after: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One role in two periods on the same panel; a monthly thread has no stock."""

    before: Counted
    after: Counted
    ratio: Ratio
    stock: StockGrowth | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Panel:
    """The boards that both periods share, or the threads of each."""

    boards: int
    employers: int
    digest: str  # of the list of its boards
    threads: tuple[int, int]  # of a flow, in each period


def find_panel(
    connection: duckdb.DuckDBPyConnection, where: Slice, before: Period, after: Period
) -> Panel:
    """Leave the boards of the panel as the temporary table `matched` and say what it is."""
    values = {
        "source": where.source,
        "start": before.start,
        "middle": before.until,
        "late": after.start,
        "until": after.until,
        "least": LEAST_OK_SHARE,
    }
    sql = MATCHED if where.kind == "stock" else THREADS
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    connection.execute(f"create or replace temp table matched as {sql}", used)
    boards = connection.execute(
        "select source || '/' || board, coalesce(employer, source || '/' || board), period "
        "from matched left join boards using (source, board) order by 1"
    ).fetchall()
    digest = sha256("\n".join(row[0] for row in boards).encode()).hexdigest()[:HASH_CHARS]
    return Panel(
        boards=len(boards),
        employers=len({row[1] for row in boards}),
        digest=digest,
        threads=(sum(row[2] == 1 for row in boards), sum(row[2] == 2 for row in boards)),  # noqa: PLR2004
    )


def compare_role(
    connection: duckdb.DuckDBPyConnection,
    where: Slice,
    role_id: str,
    before: Period,
    after: Period,
) -> Comparison:
    """Compare a role on the panel that `find_panel` left. Periods count by their nights."""
    first, second = (
        _count(connection, where, role_id, period, number)
        for number, period in ((1, before), (2, after))
    )
    # a thread is a month's whatever the days of the month
    exposures = (before.nights, after.nights)
    if where.kind == "flow":
        exposures = (before.months or before.nights, after.months or after.nights)
    return Comparison(
        first,
        second,
        ratio=poisson_ratio(first.new_openings, second.new_openings, *exposures),
        stock=_stock(connection, where, role_id, before, after) if where.kind == "stock" else None,
        standing=standing(
            min(first.coverage_share, second.coverage_share),
            max(first.imputed_share, second.imputed_share),
        ),
    )


def _count(
    connection: duckdb.DuckDBPyConnection,
    where: Slice,
    role_id: str,
    period: Period,
    number: int,
) -> Counted:
    values = {
        "role": role_id,
        "country": where.country_code,
        "start": period.start,
        "until": period.until,
    }
    if where.kind == "flow":
        return _count_thread(connection, {**values, "source": where.source}, period, number)
    employers = dict(connection.execute(NEW_BY_EMPLOYER, values).fetchall())
    everyone = dict(connection.execute(NEW_BY_EMPLOYER, {**values, "role": "all"}).fetchall())
    carried, whole = connection.execute(CARRIED, values).fetchall()[0]
    carried_all, whole_all = connection.execute(CARRIED, {**values, "role": "all"}).fetchall()[0]
    return Counted(
        new_openings=sum(employers.values()),
        all_new_openings=sum(everyone.values()),
        clusters=clustered_count(sorted(employers.values(), reverse=True)),
        coverage_share=1 - carried_all / whole_all if whole_all else 1.0,
        imputed_share=carried / whole if whole else 0.0,
    )


def _count_thread(
    connection: duckdb.DuckDBPyConnection, values: dict[str, Any], period: Period, number: int
) -> Counted:
    new, everyone = connection.execute(NEW_IN_THREADS, values).fetchall()[0]
    whole = connection.execute(
        "select count(*) from matched where period = ? and is_whole", [number]
    ).fetchall()[0][0]
    return Counted(
        new_openings=new,
        all_new_openings=everyone,
        clusters=clustered_count([1] * new),  # the same employer is the same opening
        coverage_share=whole / (period.months or 1),
        imputed_share=0.0,
    )


def _stock(
    connection: duckdb.DuckDBPyConnection,
    where: Slice,
    role_id: str,
    before: Period,
    after: Period,
) -> StockGrowth:
    values = {
        "role": role_id,
        "country": where.country_code,
        "start": before.start,
        "middle": before.until,
        "late": after.start,
        "until": after.until,
    }
    rows = connection.execute(OPEN_DAYS, values).fetchall()
    first = [days / before.nights for _, days, _ in rows]
    second = [days / after.nights for _, _, days in rows]
    is_thin = sum(first) < MIN_DENOMINATOR or len(rows) < MIN_EMPLOYERS
    interval = None if is_thin else growth_interval(first, second)
    return StockGrowth(sum(first), sum(second), interval)


class Month(NamedTuple):
    """New openings of a role, and what they are proportional to: nights, or the thread's posts."""

    month: date
    new_openings: int
    exposure: float


def complete_months(
    connection: duckdb.DuckDBPyConnection, where: Slice, role_id: str, least: int
) -> tuple[list[Month], int]:
    """
    The months that no later night may correct, on one panel, and its boards or threads.

    With a stock: as many months as any board was watched all through, but not fewer than `least`
    unless there are fewer.
    """
    values = {"role": role_id, "country": where.country_code}
    if where.kind == "flow":
        rows = connection.execute(THREAD_MONTHS, {**values, "source": where.source}).fetchall()
        return [Month(*row) for row in rows], len(rows)
    first, last = connection.execute(WATCHED).fetchall()[0]
    starts = _month_starts(first, last)
    while len(starts) > max(least, 2):
        halves = Period(starts[0], starts[1] - ONE_DAY), Period(starts[1], starts[-1] - ONE_DAY)
        panel = find_panel(connection, where, *halves)
        if panel.boards:
            found = dict(connection.execute(NEW_BY_MONTH, values).fetchall())
            nights = ((start, (end - start).days) for start, end in pairwise(starts))
            return [Month(start, found.get(start, 0), days) for start, days in nights], panel.boards
        starts = starts[1:]
    return [Month(start, 0, 1) for start in starts[:-1]], 0


def _month_starts(first: date | None, last: date) -> list[date]:
    """The first days of the months after the first day, up to the last."""
    if first is None:
        return []
    months = range(12 * first.year + first.month, 12 * last.year + last.month)
    return [date(one // 12, one % 12 + 1, 1) for one in months]


MATCHED = """
    with missed as (
        select
            gaps.source,
            gaps.board,
            sum(greatest(0, least(gaps.until_date, $middle) - greatest(gaps.from_date, $start))) as nights_before,
            sum(greatest(0, least(gaps.until_date, $until) - greatest(gaps.from_date, $late))) as nights_after
        from board_gaps as gaps
        group by all
    )

    select panels.source, panels.board, 0 as period, true as is_whole
    from board_panels as panels
    left join missed using (source, board)
    where panels.panel_entry_date < $start
        and coalesce(panels.panel_exit_date, date 'infinity') >= $until
        and $source in ('all', panels.source)
        and coalesce(missed.nights_before, 0) <= (1 - $least) * ($middle - $start)
        and coalesce(missed.nights_after, 0) <= (1 - $least) * ($until - $late)
"""
THREADS = """
    select
        source,
        board,
        case when thread_month < $middle and thread_month >= $start then 1 else 2 end as period,
        newest_status = 'ok' as is_whole
    from boards
    where kind = 'flow' and source = $source and (
        (thread_month >= $start and thread_month < $middle)
        or (thread_month >= $late and thread_month < $until)
    )
"""
# An opening whose employer isn't known stands for one of its own.
NEW_BY_EMPLOYER = """
    select coalesce(openings.employer_key, cast(openings.opening_id as varchar)) as employer, count(*) as new_openings
    from opening_roles as stretches
    join openings using (opening_id)
    semi join matched on openings.source = matched.source and openings.board = matched.board
    where stretches.role_id = $role
        and stretches.start_reason = 'new'
        and stretches.from_date >= $start
        and stretches.from_date < $until
        and $country in ('all', coalesce(openings.country_code, 'unknown'))
    group by all
"""
# Days of openings in the period: those on which their board's state was carried, and all.
CARRIED = """
    with pieces as (
        select
            openings.source,
            openings.board,
            greatest(stretches.from_date, $start) as from_date,
            least(coalesce(stretches.until_date, $until), $until) as until_date
        from opening_roles as stretches
        join openings using (opening_id)
        semi join matched on openings.source = matched.source and openings.board = matched.board
        where stretches.role_id = $role
            and stretches.from_date < $until
            and coalesce(stretches.until_date, $until) > $start
            and $country in ('all', coalesce(openings.country_code, 'unknown'))
    )

    select
        (
            select coalesce(sum(
                least(pieces.until_date, gaps.until_date) - greatest(pieces.from_date, gaps.from_date)
            ), 0)
            from pieces
            join board_gaps as gaps
                on pieces.source = gaps.source
                and pieces.board = gaps.board
                and pieces.from_date < gaps.until_date
                and pieces.until_date > gaps.from_date
        ) as carried_days,
        (select coalesce(sum(until_date - from_date), 0) from pieces) as all_days
"""
# By employer, the days on which its openings were open in each period.
OPEN_DAYS = """
    select
        coalesce(openings.employer_key, cast(openings.opening_id as varchar)) as employer,
        sum(greatest(0,
            least(coalesce(stretches.until_date, $middle), $middle) - greatest(stretches.from_date, $start)
        )) as days_before,
        sum(greatest(0,
            least(coalesce(stretches.until_date, $until), $until) - greatest(stretches.from_date, $late)
        )) as days_after
    from opening_roles as stretches
    join openings using (opening_id)
    semi join matched on openings.source = matched.source and openings.board = matched.board
    where stretches.role_id = $role
        and $country in ('all', coalesce(openings.country_code, 'unknown'))
    group by all
    having days_before + days_after > 0
    order by employer
"""
NEW_IN_THREADS = """
    select coalesce(sum(new_openings) filter (where role_id = $role), 0),
        coalesce(sum(new_openings) filter (where role_id = 'all'), 0)
    from role_demand_monthly
    where kind = 'flow' and source = $source and country_code = $country
        and month >= $start and month < $until and role_id in ($role, 'all')
"""
# The first night, and the first that later ones may still correct.
WATCHED = """
    select first_stock_date, as_of_date - cast(provisional_nights - 1 as integer) from about
"""
NEW_BY_MONTH = """
    select cast(date_trunc('month', stretches.from_date) as date) as month, count(*)
    from opening_roles as stretches
    join openings using (opening_id)
    semi join matched on openings.source = matched.source and openings.board = matched.board
    where stretches.role_id = $role and stretches.start_reason = 'new'
        and $country in ('all', coalesce(openings.country_code, 'unknown'))
    group by all
"""
THREAD_MONTHS = """
    select whole.month, coalesce(mine.new_openings, 0), whole.all_new_postings
    from role_demand_monthly as whole
    left join role_demand_monthly as mine
        on whole.month = mine.month and whole.kind = mine.kind and whole.source = mine.source
        and whole.country_code = mine.country_code and mine.role_id = $role
    where whole.role_id = 'all' and whole.kind = 'flow' and whole.source = $source
        and whole.country_code = $country and not whole.is_provisional and whole.all_new_postings > 0
    order by whole.month
"""

"""Holds the published file against the demo market's own truth, figure by figure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import duckdb

from crawler.demo import truth
from crawler.demo.market import Market
from crawler.demo.truth import Figures, NightFigures, PostingFacts, ThreadFigures

SHOWN_DIFFERENCES = 20
WHOLE = "source = 'all' and country_code = 'all'"
ROLES = "role_id not in (select role_group_id from role_groups)"


@dataclass(frozen=True, slots=True)
class Difference:
    table: str
    key: tuple[object, ...]
    column: str
    truth: object
    published: object

    def __str__(self) -> str:
        key = " ".join(map(str, self.key))
        return f"{self.table}, {key}: {self.column} {self.published}, in truth {self.truth}"


@dataclass(frozen=True, slots=True)
class Comparison:
    figures: int  # how many were held against each other
    differences: Sequence[Difference]

    def report(self) -> str:
        """Return a line for each of the first differences, and one that sums up."""
        lines = [str(one) for one in self.differences[:SHOWN_DIFFERENCES]]
        if len(self.differences) > SHOWN_DIFFERENCES:
            lines.append(f"... and {len(self.differences) - SHOWN_DIFFERENCES} more")
        equal = self.figures - len(self.differences)
        return "\n".join(
            [*lines, f"{equal:,} of {self.figures:,} figures equal the market's truth"]
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows of a table (those that `where` keeps, by `key`) and what is true of them."""

    table: str
    where: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    truth: Mapping[Any, Any]
    default: object  # true of a row that the truth doesn't name


def compare(market: Market, published: Path) -> Comparison:
    """Compare every figure of the demo with the published file, which is opened read-only."""
    figures, differences = 0, []
    with duckdb.connect(str(published), read_only=True) as connection:
        for claim in claims(market):
            for difference in _judge(connection, claim):
                figures += 1
                if difference.truth != difference.published:
                    differences.append(difference)
    return Comparison(figures, differences)


def claims(market: Market) -> Iterator[Claim]:
    by_day, by_month = ("day", "role_id"), ("month", "role_id")
    daily, monthly = truth.daily_truth(market), truth.monthly_truth(market)
    yield Claim(
        "role_demand_daily", f"{WHOLE} and {ROLES}", by_day, _names(Figures), daily, Figures()
    )
    yield Claim(
        "role_demand_monthly",
        f"kind = 'stock' and {WHOLE} and {ROLES}",
        by_month,
        _names(Figures),
        monthly,
        Figures(),
    )
    yield Claim(
        "role_demand_monthly",
        f"kind = 'flow' and source = 'hackernews' and country_code = 'all' and {ROLES}",
        by_month,
        _names(ThreadFigures),
        truth.thread_truth(market),
        ThreadFigures(),
    )
    nights = truth.night_truth(market)
    panel = ("boards_observed", "boards_in_panel")
    yield Claim(
        "role_demand_daily",
        f"{WHOLE} and role_id = 'all'",
        ("day",),
        panel,
        {(day,): figures for day, figures in nights.items()},
        NightFigures(),
    )
    yield Claim(
        "postings",
        "kind = 'stock'",
        ("source", "board", "posting_id"),
        _names(PostingFacts),
        truth.posting_truth(market),
        PostingFacts(),
    )
    yield Claim(
        "crawl_nights",
        "true",
        ("crawl_date",),
        tuple(name for name in _names(NightFigures) if name not in panel),
        {(day,): figures for day, figures in nights.items()},
        NightFigures(),
    )


def _names(kind: type[Figures | ThreadFigures | NightFigures | PostingFacts]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _judge(connection: duckdb.DuckDBPyConnection, claim: Claim) -> Iterator[Difference]:
    """Yield truth and published value of each figure; a row that isn't there says the default."""
    rows = connection.execute(
        f"select {', '.join((*claim.key, *claim.columns))} from {claim.table} "  # noqa: S608
        f"where {claim.where}"
    ).fetchall()
    size = len(claim.key)
    published = {row[:size]: row[size:] for row in rows}
    absent = [getattr(claim.default, column) for column in claim.columns]
    for key in sorted({*published, *claim.truth}):
        true = claim.truth.get(key, claim.default)
        for column, shown in zip(claim.columns, published.get(key, absent), strict=True):
            yield Difference(claim.table, key, column, getattr(true, column), shown)

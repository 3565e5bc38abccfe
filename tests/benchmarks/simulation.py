"""
A market that knows its truth, crawled badly: what the tables say, what naive counting says.

The simulation of method 2 (introduction, P7): 60 boards and 40 that join later, 0.02 new openings a
board and night, lives exponential with mean 45 days; 3 % of the nights of a board begin a failure
that persists with 50 %; 0.5 % of the listed openings are missing for one night. All invented, from
a seed. Each market is a source of one store, so that one build serves them all.

    python -m tests.benchmarks.simulation --markets 30
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from tests.stores import FIRST, TAXONOMY, Ad, day, result_row
from warehouse.build import build
from warehouse.durations import role_days_open
from warehouse.statistics import DaysOpen
from warehouse.store import Content, Snapshot, Store, StoredBoard
from warehouse.workspace import Workspace

NIGHTS, BOARDS, LATE_BOARDS = 364, 60, 40
LATE_FROM, LATE_UNTIL = 60, 304  # nights on which the late boards join
ARRIVALS, MEAN_LIFE = 0.02, 45.0  # a board and night; days
FAILURE_STARTS, FAILURE_PERSISTS, FLAP = 0.03, 0.5, 0.005
CLOSES_AFTER = 2  # so that a flap is no closing
SETTLED = 14  # the newest nights, whose closings aren't all confirmed yet
WEEKS, WEEK, PERIODS = 8, 7, 2  # growth: last over first eight weeks, or two periods of 28 days
SEED = 20_260_101
VERSION = "1"

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class BoardHistory:
    """
    One board: which openings are truly open on each night, which it showed, when it was read.

    `is_open` and `is_seen` are (openings, nights); `is_ok` (nights,). `entry` is the night it was
    added, from 0.
    """

    name: str
    entry: int
    is_open: Bools
    is_seen: Bools
    is_ok: Bools


@dataclass(frozen=True)
class Outcome:
    """Of one market: the growth over the year and the flows, true, by the tables, and naive."""

    true_growth: float
    index_growth: float
    naive_growth: float
    true_new: int
    spec_new: int
    naive_new: int
    true_closed: int
    spec_closed: int
    naive_closed: int


def make_board(random: np.random.Generator, name: str, entry: int) -> BoardHistory:
    standing = random.poisson(ARRIVALS * MEAN_LIFE)
    arrivals = random.poisson(ARRIVALS, NIGHTS)
    starts = np.concatenate([np.zeros(standing, int), np.repeat(np.arange(NIGHTS), arrivals)])
    lives = np.ceil(random.exponential(MEAN_LIFE, len(starts))).astype(int)
    nights = np.arange(NIGHTS)
    is_open = (nights >= starts[:, None]) & (nights < (starts + lives)[:, None])
    is_ok = nights >= entry
    is_down = False
    for night in range(entry + 1, NIGHTS):  # a board is added when it can be read
        is_down = random.random() < (FAILURE_PERSISTS if is_down else FAILURE_STARTS)
        is_ok[night] = not is_down
    is_seen = is_open & is_ok & (random.random(is_open.shape) >= FLAP)
    return BoardHistory(name, entry, is_open, is_seen, is_ok)


def make_market(seed: int) -> list[BoardHistory]:
    random = np.random.default_rng(seed)
    entries = [0] * BOARDS + sorted(
        random.integers(LATE_FROM, LATE_UNTIL + 1, LATE_BOARDS).tolist()
    )
    return [make_board(random, f"b{number:03d}", entry) for number, entry in enumerate(entries)]


def write_market(store: Store, source: str, market: list[BoardHistory]) -> None:
    """The board nights of a market as a crawler would have left them, in one transaction."""
    snapshots = [row for board in market for row in snapshot_rows(source, board)]
    observations = [row for board in market for row in observation_rows(source, board)]
    contents = {row["content_hash"]: row for row in map(content_of, observations)}
    with store.transaction():
        store.insert("raw.snapshots", snapshots)
        store.insert("raw.observations", [strip(row) for row in observations])
        store.insert("raw.contents", [row["content"] for row in contents.values()])
    store.write_extractions([row["result"] for row in contents.values()], [])


def snapshot_rows(source: str, board: BoardHistory) -> Iterator[dict[str, Any]]:
    for night in range(board.entry, NIGHTS):
        crawl_date = day(night + 1)
        snapshot = Snapshot(
            crawl_date,
            source,
            board.name,
            "ok" if board.is_ok[night] else "failed",
            datetime.combine(crawl_date, time(1)),
            failure_class=None if board.is_ok[night] else "http_5xx",
            parsed_postings=int(board.is_seen[:, night].sum()),
        )
        yield asdict(snapshot)


def observation_rows(source: str, board: BoardHistory) -> Iterator[dict[str, Any]]:
    """A row for each change in what the nights that were read showed."""
    read = np.flatnonzero(board.is_ok)
    for number, seen in enumerate(board.is_seen[:, read]):
        changes = np.flatnonzero(np.diff(seen, prepend=False))
        for change in changes.tolist():
            yield {
                "crawl_date": day(int(read[change]) + 1),
                "source": source,
                "board": board.name,
                "posting_id": str(number),
                "is_listed": bool(seen[change]),
            }


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """Every opening has a place of its own, so that no two are taken for one."""
    ad = Ad(row["posting_id"], location=f"{row['source']} {row['board']} {row['posting_id']}")
    content = Content(title=ad.title, location_text=ad.location)
    row["content_hash"] = content.content_hash
    return {
        "content_hash": content.content_hash,
        "content": {
            "content_hash": content.content_hash,
            "first_crawl_date": FIRST,
            **asdict(content),
        },
        "result": result_row(content.content_hash, ad, VERSION),
    }


def strip(row: dict[str, Any]) -> dict[str, Any]:
    return row if row["is_listed"] else {**row, "content_hash": None}


def write_store(path: Path, markets: dict[str, list[BoardHistory]]) -> None:
    with Store(path) as store:
        boards = [
            StoredBoard(
                source=source,
                board=board.name,
                employer=f"{source} {board.name}",
                country_code="JP",
                kind="stock",
                closes_after=CLOSES_AFTER,
                discovery_reason="list",
                added_date=day(board.entry + 1),
            )
            for source, market in markets.items()
            for board in market
        ]
        store.start_crawl(FIRST, boards, datetime.combine(FIRST, time(0)))
        for source, market in markets.items():
            write_market(store, source, market)


def outcome_of(
    tables: duckdb.DuckDBPyConnection, source: str, market: list[BoardHistory]
) -> Outcome:
    stock = np.sum([board.is_open.sum(axis=0) for board in market], axis=0)
    shown = np.sum([board.is_seen.sum(axis=0) for board in market], axis=0)
    true_new, true_closed = true_flows(market)
    naive_new, naive_closed = naive_flows(market)
    spec_new, spec_closed = tables.execute(
        "select sum(new_openings), sum(closed_openings) from role_demand_daily "
        "where role_id = 'vp_engineering' and source = ? and country_code = 'all' and day <= ?",
        [source, FIRST + timedelta(NIGHTS - SETTLED - 1)],
    ).fetchall()[0]
    index = [
        row[0]
        for row in tables.execute(
            "select demand_index from role_index where role_id = 'vp_engineering' and source = ? "
            "and country_code = 'all' and kind = 'stock' order by period_start_date",
            [source],
        ).fetchall()
    ]
    return Outcome(
        true_growth=growth(stock),
        index_growth=float(np.mean(index[-PERIODS:]) / np.mean(index[:PERIODS]) - 1),
        naive_growth=growth(shown),
        true_new=true_new,
        spec_new=spec_new,
        naive_new=naive_new,
        true_closed=true_closed,
        spec_closed=spec_closed,
        naive_closed=naive_closed,
    )


def growth(stock: NDArray[np.int_]) -> float:
    """Mean of the last eight weekly values over the first eight."""
    weekly = stock[::WEEK]
    return float(weekly[-WEEKS:].mean() / weekly[:WEEKS].mean() - 1)


def true_flows(market: list[BoardHistory]) -> tuple[int, int]:
    """What opened and closed after each board's first night, until the settled ones."""
    new = closed = 0
    for board in market:
        change = np.diff(board.is_open[:, board.entry : NIGHTS - SETTLED].astype(int))
        new += int((change > 0).sum())
        closed += int((change < 0).sum())
    return new, closed


def naive_flows(market: list[BoardHistory]) -> tuple[int, int]:
    """Seen today and not yesterday, and the other way round."""
    new = closed = 0
    for board in market:
        change = np.diff(board.is_seen[:, : NIGHTS - SETTLED].astype(int))
        new += int((change > 0).sum())
        closed += int((change < 0).sum())
    return new, closed


def simulate(markets: int, seed: int = SEED) -> tuple[list[Outcome], DaysOpen]:
    """Simulate so many markets, build the tables once, and compare; days open of all together."""
    made = {f"market{number:03d}": make_market(seed + number) for number in range(markets)}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        write_store(workspace.store, made)
        path = build(workspace, taxonomy=TAXONOMY).path
        with duckdb.connect(str(path), read_only=True) as tables:
            outcomes = [outcome_of(tables, source, market) for source, market in made.items()]
        return outcomes, role_days_open(path, "vp_engineering").lines["all"]


@dataclass(frozen=True)
class Summary:
    """Over all markets: errors of growth, and flows over the true ones."""

    markets: int
    index_rmse: float
    naive_rmse: float
    true_growth: float
    index_growth: float
    naive_growth: float
    spec_new_ratio: float
    spec_closed_ratio: float
    naive_new_ratio: float
    naive_closed_ratio: float
    true_median_days: float
    median_days: float
    naive_median_days: float


def summarise(outcomes: list[Outcome], days: DaysOpen) -> Summary:
    figures = {
        name: np.array([getattr(one, name) for one in outcomes]) for name in asdict(outcomes[0])
    }

    def rmse(name: str) -> float:
        return float(np.sqrt(np.mean((figures[name] - figures["true_growth"]) ** 2)))

    def ratio(name: str, flow: str) -> float:
        return float(figures[f"{name}_{flow}"].sum() / figures[f"true_{flow}"].sum())

    return Summary(
        markets=len(outcomes),
        index_rmse=rmse("index_growth"),
        naive_rmse=rmse("naive_growth"),
        **{
            name: float(figures[name].mean())
            for name in ("true_growth", "index_growth", "naive_growth")
        },
        spec_new_ratio=ratio("spec", "new"),
        spec_closed_ratio=ratio("spec", "closed"),
        naive_new_ratio=ratio("naive", "new"),
        naive_closed_ratio=ratio("naive", "closed"),
        true_median_days=MEAN_LIFE * float(np.log(2)),
        median_days=days.median_days or np.inf,
        naive_median_days=days.closed_only_median_days or np.inf,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--markets", type=int, default=30)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    summary = summarise(*simulate(options.markets, options.seed))
    for name, value in asdict(summary).items():
        print(f"{name:20} {value:.4g}")  # noqa: T201


if __name__ == "__main__":
    main()

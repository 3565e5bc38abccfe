"""Collect: a night as a whole, and its steps one by one."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.boards import BOARDS_CSV, Board, load_boards
from crawler.lock import run_lock
from crawler.logs import set_up_logs
from crawler.replay_bodies import replay_bodies
from crawler.run import crawl, tonight
from pipeline.commands.common import (
    FormatOption,
    RowFormat,
    WorkersOption,
    err,
    progress,
    workspace,
)
from pipeline.nightly import NightReport, extract_new, run_night
from warehouse.build import build
from warehouse.checks import run_checks
from warehouse.publish import publish
from warehouse.render import render
from warehouse.status import field_status, status

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The crawl_date; tonight if not given."),
]
BoardsOption = Annotated[Path, typer.Option("--boards", help="The registry.")]
SourceOption = Annotated[list[str] | None, typer.Option(help="Only boards of this source.")]
JsonLogsOption = Annotated[bool, typer.Option("--json", help="Logs as JSON lines on stderr.")]


def collect_nightly(
    day: DateOption = None,
    registry: BoardsOption = BOARDS_CSV,
    workers: WorkersOption = 1,
    json_logs: JsonLogsOption = False,
) -> None:
    """
    Run a night: crawl, extract, build, check, publish. The same command finishes a stopped one.

    Exit codes: 0 published · 10 published, degraded · 20 collected, not published · 74 disk ·
    75 another run · 78 configuration · 130 stopped.

    Example: `VPOE_CONTACT=https://example.org/crawler vpoe nightly --json 2> night.log`
    """
    set_up_logs(as_json=json_logs)
    with progress() as steps:
        report = run_night(
            workspace(),
            crawl_date(day),
            load_boards(registry),
            workers=workers,
            steps=steps,
        )
    tell(report)
    raise typer.Exit(int(report.exit_code))


def tell(report: NightReport) -> None:
    typer.echo(report.crawl.line)
    typer.echo(f"extracted {report.extracted:,} new texts")
    if report.published:
        typer.echo(f"published {report.published.path}; ask it with: vpoe trend vp_engineering")
    else:
        err.print(f"not published: {report.problem}", markup=False, highlight=False)


def collect_crawl(
    day: DateOption = None,
    registry: BoardsOption = BOARDS_CSV,
    source: SourceOption = None,
    board: Annotated[list[str] | None, typer.Option(help="Only this board.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Read monthly threads from this month on, as in 2011-01.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read tonight's failed boards again.")
    ] = False,
    json_logs: JsonLogsOption = False,
) -> None:
    """
    Read the boards of the registry once, politely; a stopped crawl goes on where it was.

    Examples: `vpoe crawl` · `vpoe crawl --source greenhouse --board acme` ·
    `vpoe crawl --source hackernews --since 2011-01`
    """
    set_up_logs(as_json=json_logs)
    boards = select(load_boards(registry), source, board)
    with progress() as steps:
        steps.begin("crawl", len(boards))
        report = crawl(
            workspace(),
            crawl_date(day),
            boards,
            retry_failed=retry_failed,
            backfill_since=since,
            progress=lambda _snapshot: steps.advance(),
        )
    typer.echo(report.line)
    raise typer.Exit(int(report.exit_code))


def select(
    boards: tuple[Board, ...], sources: list[str] | None, names: list[str] | None
) -> list[Board]:
    """Raises BadParameter if nothing is left: a typing error shouldn't read as a quiet night."""
    chosen = [
        board
        for board in boards
        if (not sources or board.source in sources) and (not names or board.board in names)
    ]
    if not chosen:
        raise typer.BadParameter("no such board in the registry; see: vpoe boards list")
    return chosen


def crawl_date(day: datetime | None) -> date:
    return day.date() if day else tonight()


def collect_extract(workers: WorkersOption = 1) -> None:
    """Read every text that this version of the extractor hasn't read yet."""
    with progress() as steps:
        done = extract_new(workspace(), workers=workers, steps=steps)
    typer.echo(f"extracted {done:,} new texts")


def collect_build(
    whole: Annotated[
        bool, typer.Option("--whole", help="Build all anew, not only what new nights changed.")
    ] = False,
) -> None:
    """Build the tables from the store into a new file; what is published stays."""
    report = build(workspace(), published_date=tonight(), whole=whole)
    for table, rows in report.rows.items():
        typer.echo(f"{table:28} {rows:>10,}")
    if report.changed_postings is None:
        typer.echo(f"all postings built anew: {report.whole_reason}")
    else:
        typer.echo(f"{report.changed_postings:,} postings built anew, the others as published")
    typer.echo(f"built as of {report.as_of_date}; publish it with: vpoe publish")


def collect_check() -> None:
    """Run the checks on the newly built file, or on the published one. Exit code 20 if one fails."""
    where = workspace()
    results = run_checks(where.new_warehouse if where.new_warehouse.exists() else where.warehouse)
    for result in results:
        typer.echo(f"{'ok' if result.is_passed else 'FAILED':6} {result.check.sentence}")
        for row in result.rows:
            typer.echo(f"       {row}")
    raise typer.Exit(0 if all(result.is_passed for result in results) else 20)


def collect_publish(
    accept: Annotated[
        list[str] | None, typer.Option(help="A check whose failure is known and accepted.")
    ] = None,
) -> None:
    """Check the newly built file and swap it in; readers of the old one are undisturbed."""
    report = publish(workspace(), accept=accept or ())
    typer.echo(f"published {report.path} ({report.file_bytes:,} bytes) and {report.parquet}")


def collect_status(
    form: FormatOption = RowFormat.table,
    fields: Annotated[
        bool, typer.Option("--fields", help="What the rows of each source carry, and its drifts.")
    ] = False,
) -> None:
    """
    Show the last nights: boards by status, failures by class, drifts of what their rows carry.

    Example: `vpoe status --fields --format csv`
    """
    columns, rows = (field_status if fields else status)(workspace())
    typer.echo(render(rows, columns, form.value), nl=False)


def collect_replay_bodies(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    board: Annotated[str | None, typer.Option(help="Only this board.")] = None,
    since: DateOption = None,
) -> None:
    """
    Parse the kept bodies again after a fix of a parser, and rewrite the nights they are of.

    Example: `vpoe replay-bodies --source greenhouse`, then `vpoe extract && vpoe build`
    """
    where = workspace()
    with run_lock(where.lock):
        report = replay_bodies(where, source=source, board=board, since=since and since.date())
    typer.echo(report.line)


def add_to(app: typer.Typer) -> None:
    panel = "Collect"
    for name, command in (
        ("nightly", collect_nightly),
        ("crawl", collect_crawl),
        ("extract", collect_extract),
        ("build", collect_build),
        ("check", collect_check),
        ("publish", collect_publish),
        ("status", collect_status),
        ("replay-bodies", collect_replay_bodies),
    ):
        app.command(name, rich_help_panel=panel)(command)

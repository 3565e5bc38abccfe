"""The registry of boards: list, add, check, suggest."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from crawler.board_urls import find_board
from crawler.boards import BOARDS_CSV, Board, DiscoveryReason, add_board, load_boards
from crawler.check_boards import check_board
from crawler.choose_boards import KNOWN_EMPLOYERS_CSV, choose_boards, read_rows
from crawler.probe import open_probe
from crawler.run import tonight
from crawler.sources import load_spiders
from pipeline.commands.collect import BoardsOption, select
from pipeline.commands.common import FormatOption, RowFormat, progress
from warehouse.render import Rows, render

app = typer.Typer(no_args_is_help=True, help="The registry: list, add, check, suggest boards.")


@app.command("list")
def list_boards(
    source: Annotated[list[str] | None, typer.Option(help="Only this source.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this home country, as in JP.")] = None,
    form: FormatOption = RowFormat.table,
    registry: BoardsOption = BOARDS_CSV,
) -> None:
    """
    List the boards that a night reads.

    Example: `vpoe boards list --country JP --format csv`
    """
    boards = [
        board
        for board in select(load_boards(registry), source, None)
        if country in {None, board.country_code}
    ]
    write([tuple(board.model_dump().values()) for board in boards], tuple(Board.model_fields), form)


@app.command()
def add(
    reference: Annotated[str, typer.Argument(help="An address of its jobs, or SOURCE/BOARD.")],
    employer: Annotated[str, typer.Option(help="The employer's name.")],
    country: Annotated[str | None, typer.Option(help="Its home country, as in JP.")] = None,
    reason: Annotated[str, typer.Option(help="How it was found (method 2.4).")] = "user",
    registry: BoardsOption = BOARDS_CSV,
) -> None:
    """
    Add an employer's board, found from any address of its jobs.

    Examples: `vpoe boards add https://jobs.lever.co/acme --employer Acme` ·
    `vpoe boards add greenhouse/acme --employer Acme --country JP`
    """
    with ExitStack() as asked:  # a reference that says it all needs no request

        def fetch(url: str) -> tuple[str, str]:
            return decoded(asked.enter_context(open_probe())(url, "text/html"))

        found = find_board(reference, fetch)
    board = Board(
        source=found.source,
        board=found.board,
        url=found.url,
        employer=employer,
        country_code=country,
        discovery_reason=as_reason(reason),
        added_date=tonight(),
    )
    add_board(board, registry)
    typer.echo(
        f"added {board.source}/{board.board}; read it with: vpoe crawl --board {board.board}"
    )
    if off_reason := load_spiders()[board.source].off_on(board.added_date):
        typer.echo(f"It isn't read: {board.source} is off: {off_reason}", err=True)


def decoded(answer: tuple[str, bytes]) -> tuple[str, str]:
    address, body = answer
    return address, body.decode("utf-8", "replace")


def as_reason(reason: str) -> DiscoveryReason:
    for known in ("list", "ats_enumeration", "role_hit", "user"):
        if reason == known:
            return known
    raise typer.BadParameter(f"{reason!r}: list, ats_enumeration, role_hit or user")


@app.command()
def check(
    source: Annotated[list[str] | None, typer.Option(help="Only this source.")] = None,
    board: Annotated[list[str] | None, typer.Option(help="Only this board.")] = None,
    form: FormatOption = RowFormat.table,
    registry: BoardsOption = BOARDS_CSV,
) -> None:
    """
    Ask each board once whether it still answers: live, empty, moved, dead or failed.

    Example: `vpoe boards check --source lever`
    """
    boards = select(load_boards(registry), source, board)
    rows = []
    with open_probe() as probe, progress() as steps:
        steps.begin("check", len(boards))
        for one in boards:
            state = check_board(one, probe)
            rows.append((one.source, one.board, state.state, state.postings, state.reason))
            steps.advance()
    write(rows, ("source", "board", "state", "postings", "reason"), form)


@app.command()
def suggest(
    seed: Annotated[Path, typer.Option(help="A list: source, board, employer, url, origins.")],
    most: Annotated[int, typer.Option(help="Rows at most.")] = 50,
    form: FormatOption = RowFormat.csv,
    registry: BoardsOption = BOARDS_CSV,
) -> None:
    """
    Propose boards of a seed list that the registry lacks, blind to what they hold.

    Example: `vpoe boards suggest --seed boards_seed.csv --most 100`
    """
    known = read_rows(KNOWN_EMPLOYERS_CSV)
    boards = choose_boards(read_rows(seed), known, tonight(), registry=load_boards(registry))[:most]
    write([tuple(board.model_dump().values()) for board in boards], tuple(Board.model_fields), form)


def write(rows: Rows, columns: tuple[str, ...], form: RowFormat) -> None:
    sys.stdout.write(render(rows, columns, form.value))

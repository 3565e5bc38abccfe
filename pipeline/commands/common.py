"""What the commands share: options with one meaning everywhere, and progress bars."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from pipeline.steps import Steps
from warehouse.workspace import Workspace

err = Console(stderr=True)


class RowFormat(StrEnum):
    """How rows are written."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[RowFormat, typer.Option("--format", help="How rows are written.")]
WorkersOption = Annotated[int, typer.Option(min=1, help="Processes that extract.")]


def workspace() -> Workspace:
    return Workspace.of_environment()


class Bars(Steps):
    """One bar a step."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars

    def begin(self, name: str, total: int = 0) -> None:
        for task in self.bars.tasks:
            self.bars.update(task.id, total=task.total or task.completed or 1)
            self.bars.stop_task(task.id)
        self.bars.add_task(name, total=total or None)

    def advance(self, count: int = 1) -> None:
        self.bars.advance(self.bars.tasks[-1].id, count)


@contextmanager
def progress() -> Iterator[Steps]:
    """Show bars on stderr, if it is a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:
        yield Bars(bars)

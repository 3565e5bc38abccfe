"""`python -m tests.replay`: real data through the real path, see docs/results.md."""

from pathlib import Path
from typing import Annotated

import typer

from tests.replay.data import DEFAULT_DATA
from tests.replay.results import write_results
from tests.replay.runs import replay_greenhouse, replay_hackernews, replay_recorded
from warehouse.publish import PublishReport
from warehouse.workspace import Workspace

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)

Data = Annotated[Path, typer.Option("--data", help="Folder laid out like the data folder.")]
Home = Annotated[Path, typer.Option("--home", help="Where the store and published file go.")]
Workers = Annotated[int, typer.Option(help="Processes that extract.")]


@app.command()
def greenhouse(
    home: Home,
    data: Data = DEFAULT_DATA,
    nights: Annotated[int, typer.Option(help="The newest so many.")] = 60,
    boards: Annotated[int, typer.Option(help="Chosen blind to what they list.")] = 250,
    workers: Workers = 2,
) -> None:
    """Nights of Greenhouse boards, one crawl a night."""
    workspace = Workspace(home)
    _tell(
        replay_greenhouse(
            data, workspace, nights=nights, boards=boards, workers=workers, say=typer.echo
        )
    )


@app.command()
def hackernews(home: Home, data: Data = DEFAULT_DATA, workers: Workers = 2) -> None:
    """All monthly threads since 2011, in one crawl."""
    _tell(replay_hackernews(data, Workspace(home), workers=workers, say=typer.echo))


@app.command()
def recorded(home: Home, data: Data = DEFAULT_DATA, workers: Workers = 2) -> None:
    """The recorded answers of all sources, in one crawl."""
    _tell(replay_recorded(data, Workspace(home), workers=workers, say=typer.echo))


@app.command()
def results(
    data: Data = DEFAULT_DATA,
    hackernews: Annotated[Path | None, typer.Option(help="Home of that replay.")] = None,
    greenhouse: Annotated[Path | None, typer.Option(help="Home of that replay.")] = None,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("docs/results.md"),
) -> None:
    """Write the results page and its charts from the published files."""
    files = {
        name: Workspace(home).warehouse if home else None
        for name, home in (("hackernews", hackernews), ("greenhouse", greenhouse))
    }
    for file in write_results(out, data=data, **files):
        typer.echo(f"wrote {file}")


def _tell(report: PublishReport) -> None:
    typer.echo(f"published {report.path}")


if __name__ == "__main__":
    app()

"""
`vpoe`: the one command of the project.

Collecting, reading and asking are three groups of plain functions in `pipeline/commands`; this
module names them and turns every error that a user can act on into one line and an exit code.
"""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import duckdb
import typer
from rich.console import Console

from crawler.errors import ClockError, ConfigurationError, CrawlerError, ExitCode, LockHeldError
from pipeline.annotate import InputError
from pipeline.commands import ask, boards, collect, demo, docs, read, report, taxonomy, train
from pipeline.extractor import EXTRACTOR_VERSION
from taxonomy.rows import TaxonomyError
from warehouse.errors import CheckFailedError, NotPublishedError, StoreVersionError, WarehouseError

app = typer.Typer(
    name="vpoe",
    help="The demand record for engineering leaders: public job posts in, VPoE trends out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Files lie below VPOE_HOME (default `data`). Try it on invented boards: `vpoe demo`",
)
for module in (ask, report, collect, read, demo, docs):
    module.add_to(app)
app.add_typer(boards.app, name="boards")
app.add_typer(taxonomy.app, name="taxonomy")
app.add_typer(train.app, name="train")


def print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"vpoe {version('vpoe')}, extractor {EXTRACTOR_VERSION}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="And exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


# The first class that fits decides; whatever is not listed is a bug and shows its traceback.
EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (LockHeldError, ExitCode.LOCK_HELD),
    (ConfigurationError, ExitCode.CONFIGURATION),
    (ClockError, ExitCode.CONFIGURATION),
    (StoreVersionError, ExitCode.CONFIGURATION),
    (TaxonomyError, ExitCode.CONFIGURATION),
    (CheckFailedError, ExitCode.NOT_PUBLISHED),
    (NotPublishedError, ExitCode.NOT_PUBLISHED),
    (CrawlerError, 1),
    (WarehouseError, 1),
    (InputError, 1),
    (FileNotFoundError, 1),
    (OSError, ExitCode.IO),
    (duckdb.IOException, ExitCode.IO),
)


def main() -> None:
    try:
        app()
    except duckdb.CatalogException as error:
        fail(
            f"the published file was made by another version: {first_line(error)}; run: vpoe build && vpoe publish",
            1,
        )
    except BrokenPipeError:
        # The reader of a pipe has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except tuple(kind for kind, _ in EXIT_CODES) as error:
        fail(str(error), next(int(code) for kind, code in EXIT_CODES if isinstance(error, kind)))


def fail(message: str, exit_code: int) -> None:
    Console(stderr=True).print(f"Error: {message}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(exit_code)


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


if __name__ == "__main__":
    main()

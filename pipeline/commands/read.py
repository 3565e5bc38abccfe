"""Read anyone's own text with the pipeline of the night, and score that pipeline on labels."""

import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.console import Console

from pipeline import evaluate as evaluation
from pipeline.annotate import annotate, open_lines
from pipeline.commands.common import WorkersOption, err


def read_annotate(
    file: Annotated[str, typer.Argument(help="CSV with a title column or JSON lines; - is stdin.")],
    workers: WorkersOption = 1,
) -> None:
    """
    Say what a posting hires for and asks for: JSON lines, in input order, each with its spans.

    Examples: `vpoe annotate titles.csv > out.jsonl` ·
    `echo '{"title": "VPoE候補"}' | vpoe annotate -`. Exit code 1 if a line couldn't be read; its
    record says why.
    """
    bad = 0
    with _open(file) as stream:
        lines, input_format = open_lines(stream)
        for record in annotate(lines, input_format, workers=workers):
            bad += "error" in record
            sys.stdout.buffer.write(orjson.dumps(record) + b"\n")
            sys.stdout.buffer.flush()
    if bad:
        err.print(f"{bad} lines couldn't be read; their records carry an error")
        raise typer.Exit(1)


def _open(file: str) -> BinaryIO:
    return sys.stdin.buffer if file == "-" else Path(file).open("rb")


def read_evaluate(
    labels: Annotated[Path | None, typer.Option(help="A folder of labelled sets.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List what came out wrong.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    write: Annotated[Path | None, typer.Option(help="Write the report as a page.")] = None,
) -> None:
    """
    Print precision, recall and F1 per role, kind and language, with their intervals.

    Examples: `vpoe evaluate` · `vpoe evaluate --labels ../shared/labels --errors`
    """
    result = evaluation.evaluate(labels or evaluation.default_labels())
    if write:
        write.write_text(evaluation.to_markdown(result), encoding="utf-8")
        typer.echo(f"wrote {write}")
    elif as_json:
        report = orjson.dumps(evaluation.to_json(result), option=orjson.OPT_INDENT_2)
        sys.stdout.buffer.write(report + b"\n")
    else:
        wide = None if sys.stdout.isatty() else 120  # a pipe has no edge to wrap at
        evaluation.print_report(result, Console(width=wide), with_misses=errors)


def add_to(app: typer.Typer) -> None:
    panel = "Read"
    app.command("annotate", rich_help_panel=panel)(read_annotate)
    app.command("evaluate", rich_help_panel=panel)(read_evaluate)

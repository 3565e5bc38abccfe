"""The report, on a terminal: written, and shown on loopback."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import workspace
from warehouse.report import publish_report, write_report

LOOPBACK = "127.0.0.1"


def write(
    out: Annotated[
        Path | None,
        typer.Option(help="A folder of its own; else an edition below VPOE_HOME/report."),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then show it on loopback, until Ctrl-C.")
    ] = False,
) -> None:
    """
    Write the report of the published file: pages that open from disk, in English and Japanese.

    Old editions are kept by date; `latest` beside them is the newest. Set VPOE_REPORT_URL to the
    address it will have, and links to it show a picture where they are shared.

    Example: `vpoe report --serve`
    """
    if out:
        write_report(workspace(), out)
    front = out / "index.html" if out else publish_report(workspace())
    typer.echo(f"wrote {front}")
    if serve:
        show(front.parent)


def show(folder: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        typer.echo(f"showing it at http://{LOOPBACK}:{server.server_port}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("ended")


def add_to(app: typer.Typer) -> None:
    app.command("report", rich_help_panel="Ask")(write)

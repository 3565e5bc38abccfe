"""The demo, on a terminal."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import WorkersOption, progress
from pipeline.demo import NIGHTS, run_demo
from warehouse import charts
from warehouse.report import publish_report
from warehouse.trend import trend
from warehouse.workspace import Workspace

HOME = Path("demo")


def show_demo(
    home: Annotated[Path, typer.Option(help="Its directory, made anew.")] = HOME,
    nights: Annotated[int, typer.Option(min=1, max=NIGHTS, help="Nights to crawl.")] = NIGHTS,
    workers: WorkersOption = 2,
) -> None:
    """
    Crawl an invented job market for 60 nights on loopback, and print its VPoE trend.

    Everything in it is invented. It knows the truth about itself, and the tables must equal it.
    """
    workspace = Workspace(home)
    remove_old(workspace)
    with progress() as steps:
        report = run_demo(workspace, nights=nights, workers=workers, steps=steps)
    found = trend(workspace, "vp_engineering", "week")
    chart = home / "trend.svg"
    chart.write_text(charts.to_svg(found), encoding="utf-8")
    front = publish_report(workspace)
    typer.echo(
        f"{report.nights} nights of {report.boards} invented boards: {report.requests:,} requests, "
        f"{report.unchanged:,} answered 'unchanged'\n"
    )
    typer.echo(found.render("table"))
    typer.echo(report.comparison.report())
    typer.echo(
        f"\nPublished {report.published.path}, a chart of it {chart} and its report {front}. Ask more:\n"
        f"  VPOE_HOME={home} vpoe trend cto --by month\n"
        f'  VPOE_HOME={home} vpoe query "from openings limit 5"'
    )
    if report.comparison.differences:
        raise typer.Exit(1)


def remove_old(workspace: Workspace) -> None:
    """Raises BadParameter rather than remove a directory that a demo didn't make."""
    if not workspace.root.exists():
        return
    if any(workspace.root.iterdir()) and not workspace.store.exists():
        raise typer.BadParameter(f"{workspace.root} holds other files; name an empty --home")
    shutil.rmtree(workspace.root)


def add_to(app: typer.Typer) -> None:
    app.command("demo", rich_help_panel="Try it")(show_demo)

"""Ask what is published: trend, query, explain."""

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import FormatOption, RowFormat, workspace
from warehouse import charts, claims, diff, durations, explain, export, query, shell, statements
from warehouse import compare as comparisons
from warehouse import trend as trends


class Period(StrEnum):
    month = "month"
    week = "week"
    day = "day"


class TrendFormat(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    svg = "svg"
    png = "png"


class Against(StrEnum):
    period_before = "period_before"
    year_before = "year_before"


class Lang(StrEnum):
    en = "en"
    ja = "ja"


FileOption = Annotated[
    Path | None, typer.Option("--file", help="A published file other than the workspace's.")
]


FromOption = Annotated[str, typer.Option("--from", help="2026-06, 2026-Q2, 2026 or a date.")]
ToOption = Annotated[
    str | None, typer.Option("--to", help="The last such period, if it isn't the first.")
]
AgainstOption = Annotated[Against, typer.Option(help="What the period is held against.")]
LangOption = Annotated[Lang, typer.Option(help="The language of the sentences.")]
CountryOption = Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-2, as in JP.")]
SourceOption = Annotated[str | None, typer.Option(help="One source, as in hackernews.")]


def trend(
    role: Annotated[str, typer.Argument(help="A role, its label, or a group (vpoe_broad).")],
    by: Annotated[Period, typer.Option(help="The period of a row.")] = Period.month,
    country: CountryOption = None,
    source: SourceOption = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m"], help="The first day.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it was published that day.")
    ] = None,
    form: Annotated[TrendFormat, typer.Option("--format", help="Rows or a chart.")] = (
        TrendFormat.table
    ),
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    lang: Annotated[
        Lang, typer.Option(help="Of a chart; a PNG in Japanese needs such a font.")
    ] = Lang.en,
    file: FileOption = None,
) -> None:
    """
    Show how the demand for a role moves, with its intervals.

    Examples: `vpoe trend vp_engineering` · `vpoe trend VPoE --country JP --by week` ·
    `vpoe trend vpoe_broad --format svg -o trend.svg` ·
    `vpoe trend cto --source hackernews --format csv | head`
    """
    found = trends.trend(
        file or workspace(),
        role,
        by.value,
        country=country,
        source=source,
        since=since and since.date(),
        as_of=as_of and as_of.date(),
    )
    if form == TrendFormat.png:
        emit(charts.to_png(found, lang.value), output)
    elif form == TrendFormat.svg:
        emit(charts.to_svg(found, lang.value).encode(), output)
    else:
        emit(found.render(RowFormat(form.value).value).encode(), output)


def claim(
    role: Annotated[str, typer.Argument(help="A role, its label, or a group.")],
    since: FromOption,
    until: ToOption = None,
    lang: LangOption = Lang.en,
    against: AgainstOption = Against.period_before,
    country: CountryOption = None,
    source: SourceOption = None,
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
) -> None:
    """
    Print the sentence that may be printed about a role, and the note that belongs under it.

    Refuses, with the reason, what the data don't carry. Examples:
    `vpoe claim vp_engineering --from 2026-Q3` ·
    `vpoe claim VPoE --from 2026-04 --to 2026-06 --against year_before --lang ja`
    """
    found = claims.claim(
        file or workspace(),
        role,
        since,
        until,
        lang=lang.value,
        against=against.value,
        country=country,
        source=source,
    )
    sys.stdout.write(found.render(form.value))


def compare(
    roles: Annotated[list[str], typer.Argument(help="Two roles or more.")],
    since: FromOption,
    until: ToOption = None,
    lang: LangOption = Lang.en,
    against: AgainstOption = Against.period_before,
    country: CountryOption = None,
    source: SourceOption = None,
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
) -> None:
    """
    Hold several roles side by side, corrected for looking at several.

    Example: `vpoe compare vp_engineering cto engineering_manager --from 2026-Q3`
    """
    found = comparisons.compare(
        file or workspace(),
        roles,
        since,
        until,
        lang=lang.value,
        against=against.value,
        country=country,
        source=source,
    )
    sys.stdout.write(found.render(form.value))


def check_statements(
    lang: LangOption = Lang.en,
    country: CountryOption = None,
    source: SourceOption = None,
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
) -> None:
    """
    Check what is said about the VPoE: supported, contradicted, or not decidable from these data.

    Example: `vpoe statements --lang ja`
    """
    found = statements.statements(
        file or workspace(), lang=lang.value, country=country, source=source
    )
    sys.stdout.write(found.render(form.value))


def days_open(
    role: Annotated[str, typer.Argument(help="A role, its label, or a group.")],
    lang: LangOption = Lang.en,
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
) -> None:
    """
    Estimate how long openings of a role stay open, those still open included.

    Example: `vpoe days-open vp_engineering`
    """
    found = durations.role_days_open(file or workspace(), role, lang=lang.value)
    sys.stdout.write(found.render(form.value))


def ask_query(
    sql: Annotated[str, typer.Argument(help="SQL, or - to read it from standard input.")],
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
    limit_s: Annotated[float, typer.Option("--time-limit", help="Seconds.")] = query.TIME_LIMIT_S,
) -> None:
    """
    Run SQL on the published file: read-only, no other file or network in reach.

    Examples: `vpoe query "from role_demand_monthly where role_id = 'vp_engineering'"` ·
    `vpoe query - --format csv < question.sql`
    """
    text = sys.stdin.read() if sql == "-" else sql
    path = file or workspace().warehouse
    sys.stdout.write(query.run_query(path, text, time_limit_s=limit_s).render(form.value))


def ask_explain(
    posting: Annotated[str, typer.Argument(help="posting_id, or source/board/posting_id.")],
    form: FormatOption = RowFormat.table,
    file: FileOption = None,
) -> None:
    """
    Show the evidence of everything that is said about a posting.

    Example: `vpoe explain greenhouse/acme/4012345`
    """
    found = explain.explain(file or workspace().warehouse, posting)
    sys.stdout.write(found.render(form.value))


def show_diff(
    old: Annotated[Path, typer.Argument(help="A published file.")],
    new: Annotated[Path | None, typer.Argument(help="Another; the workspace's if absent.")] = None,
    form: FormatOption = RowFormat.table,
) -> None:
    """
    Show what changed between two published files: tables, and figures of the trend.

    Example: `vpoe diff last_week.duckdb`
    """
    sys.stdout.write(diff.diff(old, new or workspace().warehouse).render(form.value))


class ExportFormat(StrEnum):
    parquet = "parquet"
    csv = "csv"
    json = "json"


def write_export(
    folder: Annotated[Path, typer.Argument(help="Made if it isn't there.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="Of the tables.")
    ] = ExportFormat.parquet,
    file: FileOption = None,
) -> None:
    """
    Write every published table to a file of its own, with a description of the data set.

    Example: `vpoe export tables --format csv`
    """
    written = export.export(file or workspace().warehouse, folder, form.value)
    typer.echo(f"wrote {len(written)} files to {folder}")


def open_shell(file: FileOption = None) -> None:
    """
    Open the published file, read-only, in harlequin or the DuckDB shell, whichever is installed.

    Example: `vpoe shell`
    """
    command = shell.shell_command(file or workspace().warehouse)
    os.execvp(command[0], command)  # noqa: S606 - the shell takes this terminal over


def emit(data: bytes, output: Path | None) -> None:
    if output:
        output.write_bytes(data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def add_to(app: typer.Typer) -> None:
    panel = "Ask"
    app.command("trend", rich_help_panel=panel)(trend)
    app.command("claim", rich_help_panel=panel)(claim)
    app.command("compare", rich_help_panel=panel)(compare)
    app.command("statements", rich_help_panel=panel)(check_statements)
    app.command("days-open", rich_help_panel=panel)(days_open)
    app.command("query", rich_help_panel=panel)(ask_query)
    app.command("diff", rich_help_panel=panel)(show_diff)
    app.command("export", rich_help_panel=panel)(write_export)
    app.command("shell", rich_help_panel=panel)(open_shell)
    app.command("explain", rich_help_panel=panel)(ask_explain)

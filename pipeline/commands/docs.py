"""The pages of docs/ that code knows better than people: written by `vpoe docs`, held by a test."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.sources import source_page
from warehouse.cookbook import write_cookbook
from warehouse.dictionary import load_macros, load_tables, to_markdown

Command = Any  # of the click that Typer carries inside, which has no public name
DOCS = Path(__file__).parents[2] / "docs"


def pages(command: Command) -> dict[str, str]:
    """The generated pages: file name to text."""
    return {
        "cli.md": cli_page(command),
        "data_dictionary.md": to_markdown(load_tables(), load_macros()),
        "sources.md": source_page(),
    }


def cli_page(command: Command) -> str:
    """Every command with its help, as a terminal shows it."""
    lines = ["# Commands", "", "Written by `vpoe docs`; don't edit it.", ""]
    with typer.Context(command, info_name="vpoe") as context:
        lines += [section for name in leaves(command, context) for section in name]
    return "\n".join(lines)


def leaves(command: Command, context: Command) -> list[list[str]]:
    """The commands below, in order, each as the lines of its section."""
    if not hasattr(command, "list_commands"):
        return [section(command, context)]
    found = []
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        if child is not None and not child.hidden:
            found += leaves(child, typer.Context(child, info_name=name, parent=context))
    return found


def section(command: Command, context: Command) -> list[str]:
    lines = [f"## {context.command_path}", "", *(command.help or "").splitlines(), ""]
    lines += ["| option | meaning | default |", "|---|---|---|"]
    for parameter in command.get_params(context):
        names = " ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        text = getattr(parameter, "help", None) or ""
        if names.startswith("`-h`") or "--help" in names:
            continue
        default = parameter.default
        shown = "" if default in (None, False) or callable(default) else f"`{shorten(default)}`"
        lines.append(f"| {names if names.startswith('`-') else names.upper()} | {text} | {shown} |")
    return [*lines, ""]


def shorten(default: object) -> str:
    return default.name if isinstance(default, Path) else str(getattr(default, "value", default))


def write_docs(
    context: typer.Context,
    demo: Annotated[Path, typer.Option(help="The demo's published file, for the cookbook.")] = (
        Path("demo/vpoe.duckdb")
    ),
) -> None:
    """Write the generated pages of docs/ again."""
    for name, text in pages(context.find_root().command).items():
        (DOCS / name).write_text(text, encoding="utf-8")
        typer.echo(f"wrote docs/{name}")
    if demo.exists():
        write_cookbook(demo, DOCS / "cookbook.md")
        typer.echo("wrote docs/cookbook.md")


def add_to(app: typer.Typer) -> None:
    app.command("docs", hidden=True)(write_docs)

"""The taxonomy: what it doesn't know yet, new rows, and what a change would do to the figures."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import FormatOption, RowFormat, progress, workspace
from pipeline.propose import MIN_EMPLOYERS, postings_of, propose
from pipeline.taxonomy_diff import diff
from taxonomy import edit
from taxonomy.load import HERE, load_roles, load_skills
from warehouse.errors import NotPublishedError
from warehouse.render import render
from warehouse.store import Store

app = typer.Typer(no_args_is_help=True, help="The taxonomy: propose, accept, refuse, diff.")
MOST = 100


@app.command("propose")
def show_candidates(
    most: Annotated[int, typer.Option(help="Rows at most.")] = MOST,
    min_employers: Annotated[int, typer.Option(help="That use it, at least.")] = MIN_EMPLOYERS,
    form: FormatOption = RowFormat.table,
) -> None:
    """
    List what the store's postings say and the taxonomy doesn't know, by how many employers say it.

    Example: `vpoe taxonomy propose --format csv > candidates.csv`
    """
    with open_store() as store, progress() as steps:
        steps.begin("read", store.count_contents())
        found = propose(postings_of(store), min_employers=min_employers, progress=steps.advance)
    columns = ("kind", "term", "employers", "postings", "parent", "reason", "examples")
    rows = [
        (one.kind, one.term, one.employers, one.postings, one.parent, one.reason, one.examples)
        for one in found[:most]
    ]
    sys.stdout.write(render([[shown(value) for value in row] for row in rows], columns, form.value))


def shown(value: object) -> object:
    return " | ".join(map(str, value)) if isinstance(value, tuple) else value


@app.command()
def accept(
    term: Annotated[str, typer.Argument(help="The words, as postings write them.")],
    concept: Annotated[str, typer.Argument(help="A role_id or skill_id that they name.")],
    lang: Annotated[str, typer.Option(help="en, ja or any.")] = "any",
    note: Annotated[str, typer.Option(help="Why.")] = "accepted from the postings",
) -> None:
    """
    Write words as an alias of a role or skill; the whole taxonomy is checked before.

    Examples: `vpoe taxonomy accept Tanstack react_query` ·
    `vpoe taxonomy accept 開発統括責任者 head_of_engineering --lang ja`
    """
    if lang not in {"en", "ja", "any"}:
        raise typer.BadParameter(f"--lang {lang!r}: en, ja or any")
    known = {one.role_id for one in load_roles().roles}
    if concept in known:
        row = edit.role_alias(term, concept, lang="ja" if lang == "ja" else "en", note=note)
    elif concept in {one.skill_id for one in load_skills().skills}:
        row = edit.skill_alias(term, concept, lang=lang, note=note)  # type: ignore[arg-type]
    else:
        raise typer.BadParameter(f"{concept!r} is no role_id and no skill_id; see taxonomy/*.csv")
    edit.add([row])
    typer.echo(
        f"{row.file}: {term} is an alias of {concept}; see what it moves: vpoe taxonomy diff"
    )


@app.command("diff")
def show_diff(
    old: Annotated[str, typer.Argument(help="A folder of CSVs, or a commit.")] = "HEAD",
    new: Annotated[Path, typer.Argument(help="A folder of CSVs.")] = HERE,
    form: FormatOption = RowFormat.table,
) -> None:
    """
    Show what a changed taxonomy would do to the figures, before anything is published.

    Example: `vpoe taxonomy diff HEAD~1`
    """
    with open_store() as store:
        found = diff(Path(old) if Path(old).is_dir() else old, new, store)
    rows = [[*asdict(one).values(), one.after] for one in found.shifts]
    columns = ("month", "concept", "concept_id", "published", "lost", "gained", "after")
    sys.stdout.write(render(rows, columns, form.value))
    if form is RowFormat.table:
        typer.echo(
            f"{found.touched:,} of {found.contents:,} texts to be read again, "
            f"{found.relabelled:,} of them differ"
        )


def open_store() -> Store:
    """Raises NotPublishedError if nothing was collected yet."""
    path = workspace().store
    if not path.exists():
        raise NotPublishedError(f"no store at {path}; run `vpoe nightly` first")
    return Store(path, read_only=True)

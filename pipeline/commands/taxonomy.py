"""The taxonomy: what it doesn't know yet, new rows, and what a change would do to the figures."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.accept import accept, alias_by_hand, find_candidate, write_candidates
from pipeline.commands.common import FormatOption, RowFormat, progress, workspace
from pipeline.propose import MIN_EMPLOYERS, postings_of, propose
from pipeline.taxonomy_diff import diff
from taxonomy import edit
from taxonomy.load import HERE
from taxonomy.rows import TaxonomyError
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

    All of it is kept for `accept` and `refuse`. Example: `vpoe taxonomy propose --format csv > candidates.csv`
    """
    with open_store() as store, progress() as steps:
        steps.begin("read", store.count_contents())
        found = propose(postings_of(store), min_employers=min_employers, progress=steps.advance)
    write_candidates(found, workspace().candidates)
    columns = ("candidate_id", "term", "employers", "postings", "parent", "reason", "examples")
    rows = [[getattr(one, column) for column in columns] for one in found[:most]]
    sys.stdout.write(render([[shown(value) for value in row] for row in rows], columns, form.value))


def shown(value: object) -> object:
    return " | ".join(map(str, value)) if isinstance(value, tuple) else value


@app.command("accept")
def accept_candidate(
    named: Annotated[str, typer.Argument(help="Id or words of a candidate, or any words.")],
    concept: Annotated[
        str,
        typer.Argument(help="The role or skill that they name, or the broader skill of a new one."),
    ] = "",
    label_ja: Annotated[str, typer.Option(help="A new skill's name in Japanese.")] = "",
    context: Annotated[str, typer.Option(help="Of words that mean more: list, cue, line …")] = "",
) -> None:
    """
    Write a candidate of the last `propose` into the taxonomy, as suggested or for another concept.

    Words that weren't proposed need a concept. The whole taxonomy is checked before. Examples:
    `vpoe taxonomy accept skill:tanstack` · `vpoe taxonomy accept "Sys Admin" sre`
    """
    known = find_candidate(workspace().candidates, named)
    candidate = known or alias_by_hand(named, concept)
    for row in accept(candidate, concept_id=concept, label_ja=label_ja, context=context):
        typer.echo(f"{row.file}: {', '.join(filter(None, row.cells.values()))}")
    typer.echo("see what it moves: vpoe taxonomy diff")


@app.command("refuse")
def refuse_candidate(
    named: Annotated[str, typer.Argument(help="Id or words of a candidate.")],
    reason: Annotated[str, typer.Argument(help="The class of the reason: see growth/refused.csv.")],
) -> None:
    """
    Note that a candidate of the last `propose` is none, so that it isn't proposed again.

    Example: `vpoe taxonomy refuse role:ba "letters of several meanings"`
    """
    candidate = find_candidate(workspace().candidates, named)
    if candidate is None:
        raise TaxonomyError(f'"{named}" is no candidate of the last proposal; propose first')
    edit.refuse([(candidate.candidate_id, candidate.term, reason)])
    typer.echo(f"{edit.REFUSED}: {candidate.candidate_id}, {reason}")


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

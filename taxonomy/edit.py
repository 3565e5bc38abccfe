"""
Write rows into the CSV files: all of them or none, and only what the whole taxonomy still allows.

A row stands after the last row of its concept (a new skill after the last of its broader skill),
so that a file stays in the order in which a person reads it and a change is a short diff.
"""

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from taxonomy.load import HERE, Language, load_responsibilities, load_roles, load_skills
from taxonomy.rows import Problems, Row, TaxonomyError, check_unique, read_rows

REFUSED = "growth/refused.csv"

Check = Callable[[Path], None]  # raises TaxonomyError for a folder that it refuses


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row for `file`; it goes after the last row with `after[1]` in the column `after[0]`."""

    file: str
    cells: dict[str, str]  # column: value; a column that isn't named is empty
    after: tuple[str, str]


class Refusal(Row):
    """A candidate that a person refused, with the class of the reason; it isn't proposed again."""

    candidate_id: str
    term: str
    reason: str


def role_alias(alias: str, role_id: str, *, lang: Language = "en", note: str = "") -> NewRow:
    cells = {"role_id": role_id, "lang": lang, "alias": alias, "note": note}
    return NewRow("role_aliases.csv", cells, ("role_id", role_id))


def skill_alias(
    alias: str,
    skill_id: str,
    *,
    lang: Language = "any",
    is_case_sensitive: bool = False,
    context: str = "",
    note: str = "",
) -> NewRow:
    cells = {
        "skill_id": skill_id,
        "lang": lang,
        "alias": alias,
        "is_case_sensitive": "1" if is_case_sensitive else "",
        "context": context,
        "note": note,
    }
    return NewRow("skill_aliases.csv", cells, ("skill_id", skill_id))


def skill(
    skill_id: str,
    label_en: str,
    label_ja: str,
    *,
    kind: str = "technology",
    broader_id: str,
    note: str = "",
) -> NewRow:
    cells = {
        "skill_id": skill_id,
        "preferred_label_en": label_en,
        "preferred_label_ja": label_ja,
        "kind": kind,
        "broader_id": broader_id,
        "note": note,
    }
    return NewRow("skills.csv", cells, ("broader_id", broader_id))


def add(rows: Sequence[NewRow], folder: Path = HERE, *, check: Check | None = None) -> None:
    """
    Write the rows and keep the files as they are if anything is wrong with the outcome.

    `check` may refuse what the loader allows (an alias that is read as something else). Raises
    TaxonomyError with file, line, value and remedy.
    """
    files = {row.file for row in rows}
    try:
        with tempfile.TemporaryDirectory(prefix=".edit-", dir=folder) as name:
            draft = Path(name)
            for path in folder.glob("*.csv"):
                shutil.copy(path, draft)
            for file in sorted(files):
                _insert(draft / file, [row for row in rows if row.file == file])
            validate(draft)
            if check:
                check(draft)
            # Concepts before their aliases: a kill between two files leaves a taxonomy that loads.
            for file in sorted(files, key=lambda file: (file.endswith("_aliases.csv"), file)):
                (draft / file).replace(folder / file)
    finally:
        for load in (load_roles, load_skills, load_responsibilities):
            load.cache_clear()


def validate(folder: Path) -> None:
    """Load everything that `taxonomy.load` knows. Raises TaxonomyError, with all errors at once."""
    found = []
    for load in (load_roles, load_skills, load_responsibilities):
        try:
            load(folder)
        except TaxonomyError as error:
            found.append(str(error))
    if found:
        raise TaxonomyError("\n".join(found))


def load_refusals(folder: Path = HERE) -> tuple[Refusal, ...]:
    """
    Load growth/refused.csv. Raises TaxonomyError.

    It lies apart from the files whose change makes a new extractor version.
    """
    problems = Problems()
    rows = read_rows(folder / REFUSED, Refusal, problems)
    check_unique(REFUSED, rows, attrgetter("candidate_id"), problems)
    problems.raise_if_any()
    return rows


def refuse(refusals: Iterable[tuple[str, str, str]], folder: Path = HERE) -> None:
    """Note (candidate_id, term, reason) as refused, sorted; the last word on a candidate counts."""
    rows = {
        row.candidate_id: (row.candidate_id, row.term, row.reason) for row in load_refusals(folder)
    }
    rows |= {row[0]: row for row in refusals}
    draft = folder / f"{REFUSED}.draft"
    _write(draft, [("candidate_id", "term", "reason"), *sorted(rows.values())])
    draft.replace(folder / REFUSED)


def _insert(path: Path, rows: Sequence[NewRow]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    for row in rows:
        if unknown := row.cells.keys() - set(header):
            raise TaxonomyError(f"{path.name} line 1: {sorted(unknown)} is no column; use {header}")
        column, value = header.index(row.after[0]), row.after[1]
        places = [number for number, cells in enumerate(lines, 1) if cells[column] == value]
        cells = [row.cells.get(name, "") for name in header]
        lines.insert(places[-1] if places else len(lines), cells)
    _write(path, [header, *lines])


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)

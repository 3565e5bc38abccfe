"""
Write rows into the CSV files: all of them or none, and only what the whole taxonomy still allows.

A row stands after the last row of its concept (a new skill after the last of its broader skill),
so that a file stays in the order in which a person reads it and a change is a short diff.
"""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from taxonomy.load import (
    HERE,
    Language,
    TaxonomyError,
    load_responsibilities,
    load_roles,
    load_skills,
)

Check = Callable[[Path], None]  # raises TaxonomyError for a folder that it refuses


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row for `file`; it goes after the last row that has `after`'s value in `after`'s column."""

    file: str
    cells: dict[str, str]  # column: value; a column that isn't named is empty
    after: tuple[str, str]


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
            os.replace(draft / file, folder / file)  # noqa: PTH105  one file system, atomic
    for load in (load_roles, load_skills, load_responsibilities):
        load.cache_clear()


def validate(folder: Path) -> None:
    """Load everything that `taxonomy.load` knows. Raises TaxonomyError, with all errors at once."""
    found = []
    for load in (load_roles, load_skills, load_responsibilities):
        try:
            load.__wrapped__(folder)
        except TaxonomyError as error:
            found.append(str(error))
    if found:
        raise TaxonomyError("\n".join(found))


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
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *lines])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")

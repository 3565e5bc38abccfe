"""
A person's answer to a candidate: rows in the taxonomy, checked by reading them.

Candidates are kept as JSON lines between the run that proposes and the one that accepts.
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from pipeline.propose import Candidate, Kind
from pipeline.roles import TitleReader
from pipeline.skills import SkillFinder
from pipeline.spelling import key_of
from taxonomy.edit import NewRow, add, role_alias, skill, skill_alias
from taxonomy.folding import fold
from taxonomy.load import HERE, load_roles, load_skills
from taxonomy.rows import Problems, TaxonomyError

_CANDIDATE = TypeAdapter(Candidate)
_ID = re.compile(r"[^a-z0-9]+")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")


def write_candidates(candidates: Iterable[Candidate], path: Path) -> None:
    path.write_bytes(b"".join(_CANDIDATE.dump_json(one) + b"\n" for one in candidates))


def read_candidates(path: Path) -> dict[str, Candidate]:
    """The candidates of a file by id. Raises TaxonomyError where there is none."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise TaxonomyError(f"no candidates at {path}; propose some first") from error
    found = map(_CANDIDATE.validate_json, lines)
    return {one.candidate_id: one for one in found}


def find_candidate(path: Path, named: str) -> Candidate | None:
    """
    The candidate of the file with this id or spelling, None if there is none.

    Raises TaxonomyError where the words are a title and a term.
    """
    candidates = read_candidates(path) if path.exists() else {}
    if named in candidates:
        return candidates[named]
    found = [one for one in candidates.values() if key_of(named) in map(key_of, one.spellings)]
    if len(found) > 1:
        ids = " or ".join(one.candidate_id for one in found)
        raise TaxonomyError(f'"{named}" is the words of several candidates; say {ids}')
    return found[0] if found else None


def alias_by_hand(words: str, concept_id: str, folder: Path = HERE) -> Candidate:
    """Words that nobody proposed, as an alias of a role or skill. Raises TaxonomyError."""
    if concept_id in {one.role_id for one in load_roles(folder).roles}:
        kind: Kind = "role_alias"
    elif concept_id in {one.skill_id for one in load_skills(folder).skills}:
        kind = "skill_alias"
    elif concept_id:
        raise TaxonomyError(f'"{concept_id}" is no role_id and no skill_id; see taxonomy/*.csv')
    else:
        raise TaxonomyError(f'"{words}" is no candidate; propose first, or name its role or skill')
    return Candidate(words, kind, words, (words,), 0, 0, concept_id, "by hand", ())


def accept(
    candidate: Candidate,
    *,
    concept_id: str = "",
    aliases: Sequence[str] = (),
    label_ja: str = "",
    skill_kind: str = "technology",
    context: str = "",
    is_case_sensitive: bool = False,
    folder: Path = HERE,
) -> list[NewRow]:
    """
    Write the rows that a candidate asks for, with a note of how many employers use it.

    `concept_id` is the role or skill that it names, or the broader skill of a new one; without
    it, the suggested parent. `aliases` are the spellings to write instead of all that were seen. Raises
    TaxonomyError, and leaves the files as they are, where a spelling wouldn't be read as the
    concept or the taxonomy wouldn't load.
    """
    concept_id = concept_id or candidate.parent
    if not concept_id:
        raise TaxonomyError(f'{candidate.candidate_id}: "" is no concept; name one')
    spellings = aliases or _distinct(candidate.spellings)
    employers = candidate.employers
    note = f"Proposed from the postings of {employers} employers" if employers else ""
    rows = []
    if candidate.kind == "role_alias":
        rows = [role_alias(one, concept_id, lang=_language(one), note=note) for one in spellings]
    else:
        if candidate.kind == "new_skill":
            label = aliases[0] if aliases else candidate.term
            skill_id = _ID.sub("_", fold(label).text).strip("_")
            rows = [
                skill(
                    skill_id,
                    label,
                    label_ja or label,
                    kind=skill_kind,
                    broader_id=concept_id,
                    note=note,
                )
            ]
            concept_id = skill_id
        rows += [
            skill_alias(
                one,
                concept_id,
                lang="ja" if _language(one) == "ja" else "any",
                is_case_sensitive=is_case_sensitive,
                context=context,
                note="" if candidate.kind == "new_skill" else note,
            )
            for one in spellings
        ]
    add(rows, folder, check=partial(_check_read, rows))
    return rows


def _distinct(spellings: Iterable[str]) -> list[str]:
    """The spellings that the finder of skills and the reader of titles tell apart."""
    return list({fold(one).text: one for one in reversed(tuple(spellings))}.values())[::-1]


def _language(alias: str) -> Literal["en", "ja"]:
    return "ja" if _JAPANESE.search(alias) else "en"


def _check_read(rows: Sequence[NewRow], folder: Path) -> None:
    """Report aliases that something else shadows; what needs a context is read beside others."""
    roles = [row for row in rows if row.file == "role_aliases.csv"]
    skills = [row for row in rows if row.file == "skill_aliases.csv" and not row.cells["context"]]
    problems = Problems()
    if roles:
        reader = TitleReader(load_roles(folder))
        lines = {row.alias: row.line for row in load_roles(folder).aliases}
        for row in roles:
            _report_shadowed(row, "role_id", reader.read(row.cells["alias"]).roles, lines, problems)
    if skills:
        finder = SkillFinder(load_skills(folder))
        lines = {row.alias: row.line for row in load_skills(folder).aliases}
        for row in skills:
            found = tuple(one.skill_id for one in finder(row.cells["alias"]))
            _report_shadowed(row, "skill_id", found, lines, problems)
    problems.raise_if_any()


def _report_shadowed(
    row: NewRow, column: str, found: tuple[str, ...], lines: dict[str, int], problems: Problems
) -> None:
    alias = row.cells["alias"]
    if found != (row.cells[column],):
        reason = f"is read as {', '.join(found) or 'nothing'}"
        remedy = "correct what shadows it, or leave it out"
        problems.add(row.file, lines[alias], alias, reason, remedy)

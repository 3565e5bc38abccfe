"""
What a changed taxonomy changes: which contents must be read again, what becomes of the numbers.

A changed alias can only matter where a content holds its words, so one Aho-Corasick pass over
titles and texts finds the contents to read again, and what was said about the others is carried
over. Files that hold patterns instead of words (cues, places, pay) may change any content.
"""

import csv
import io
import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import ahocorasick_rs

from pipeline.extractor import CODE_VERSION, EXTRACTOR_VERSION, vocabulary
from pipeline.roles import TitleReader
from pipeline.skills import SkillFinder
from pipeline.text import fold as fold_text
from pipeline.text import to_text
from taxonomy.folding import fold as fold_title
from taxonomy.load import HERE, load_roles, load_skills
from taxonomy.rows import TaxonomyError
from warehouse.store import ExtractorVersion, Store

Files = dict[str, str]  # the text of each CSV by its name
Cells = dict[str, str]
Concept = Literal["role", "skill"]
Label = tuple[Concept, str]

# The column of words that a title must hold for a row to matter.
TITLE_WORDS = {
    "role_aliases.csv": "alias",
    "title_words.csv": "word",
    "role_exclusions.csv": "phrase",
    "title_markers.csv": "phrase",
}
SKILL_FILES = frozenset({"skills.csv", "skill_aliases.csv"})
# Labels, definitions, groups, rules of editing: no content reads differently.
UNREAD_FILES = frozenset(
    {"roles.csv", "role_groups.csv", "responsibilities.csv", "common_words.csv"}
)

_SLOT = re.compile(r"\{\w+\}|…|\.\.\.|\^")
_ENDS_IN_WORD = (re.compile(r"[a-z0-9]"), re.compile(r"[a-z]"))


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Folded words without which a content reads as before, and the files that may change any.

    `titles` are sought in title and employer, `texts` in the text.
    """

    titles: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    anywhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """How many postings of a month lose and gain a label, and how many have it as published."""

    month: str
    concept: Concept
    concept_id: str
    published: int
    lost: int
    gained: int

    @property
    def after(self) -> int:
        return self.published - self.lost + self.gained


@dataclass(frozen=True, slots=True)
class Diff:
    """
    What a new taxonomy would change before anything is published.

    Postings are counted in the month in which they were first listed (a thread's is its own), by
    their first text: the tables count openings, which are fewer. `changes.anywhere` names files
    whose effect isn't in `shifts`, because their patterns are read by the whole extractor only.
    """

    changes: Changes
    contents: int
    touched: int  # contents that must be read again
    relabelled: int  # of those read, contents whose roles or skills differ
    shifts: tuple[Shift, ...]


def changes(old: Files, new: Files) -> Changes:
    """Compare two versions of the taxonomy's files."""
    titles, texts = set[str](), set[str]()
    anywhere = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name) or name in UNREAD_FILES | SKILL_FILES:
            continue
        words = _title_words(name, old, new) if name in TITLE_WORDS else {""}
        if "" in words:
            anywhere.append(name)
        else:
            titles |= words
    texts = _skill_words(old, new)
    return Changes(frozenset(titles), frozenset(texts), tuple(anywhere))


def _rows(files: Files, name: str) -> list[Cells]:
    return list(csv.DictReader(io.StringIO(files.get(name, ""))))


def _changed(old: Iterable[Cells], new: Iterable[Cells], key: Callable[[Cells], str]) -> set[str]:
    """The keys whose rows differ, in anything but notes or in their order."""
    grouped: list[dict[str, list[Cells]]] = []
    for rows in (old, new):
        groups: dict[str, list[Cells]] = {}
        for row in rows:
            read = {name: cell for name, cell in row.items() if name not in {"note", "reason"}}
            groups.setdefault(key(row), []).append(read)
        grouped.append(groups)
    before, after = grouped
    return {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}


def _title_words(name: str, old: Files, new: Files) -> set[str]:
    """The words that a title must hold; "" for a row of slots alone."""

    def key(row: Cells) -> str:
        parts = _SLOT.split(fold_title(row[TITLE_WORDS[name]]).text)
        return max((part.strip() for part in parts), key=len).replace("-", " ")

    words = _changed(_rows(old, name), _rows(new, name), key)
    return words | {word.replace(" ", "-") for word in words}


def _skill_words(old: Files, new: Files) -> set[str]:
    def key(row: Cells) -> str:
        return fold_text(row["alias"])

    def certainty(row: Cells) -> Cells:
        """What of a skill decides whether it makes its neighbours certain."""
        has_broader = str(bool(row["broader_id"]))
        return {"skill_id": row["skill_id"], "kind": row["kind"], "has_broader": has_broader}

    before, after = (_rows(files, "skill_aliases.csv") for files in (old, new))
    skills = (map(certainty, _rows(files, "skills.csv")) for files in (old, new))
    concepts = _changed(next(skills), next(skills), lambda row: row["skill_id"])
    of_concepts = {key(row) for row in chain(before, after) if row["skill_id"] in concepts}
    return _changed(before, after, key) | of_concepts


class ChangedWords:
    """Tells whether a content holds a changed word; built once for one pass."""

    def __init__(self, found: Changes) -> None:
        self._texts = sorted(found.texts)
        self._in_titles = ahocorasick_rs.AhoCorasick(sorted(found.titles))
        self._in_texts = ahocorasick_rs.AhoCorasick(self._texts)

    def touch(self, content: dict[str, Any]) -> bool:
        title = f"{content['title']} {content['employer_text'] or ''}"
        if self._in_titles.find_matches_as_indexes(fold_title(title).text):
            return True
        text = fold_text(to_text(content["description_html"] or ""))
        return any(
            _is_whole(text, start, end)
            for _, start, end in self._in_texts.find_matches_as_indexes(text, overlapping=True)
        )


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the word's Latin letters end there; what goes on with a digit may be a version."""
    sign, letter = _ENDS_IN_WORD
    return not (
        (sign.match(text[start]) and letter.match(text[start - 1 : start]))
        or (sign.match(text[end - 1]) and letter.match(text[end : end + 1]))
    )


def contents_touched(store: Store, found: Changes) -> Iterator[dict[str, Any]]:
    """Yield the contents whose extraction the changes can alter."""
    words = ChangedWords(found)
    return (one for one in store.contents() if found.anywhere or words.touch(one))


def carry_over(store: Store, folder: Path = HERE) -> int:
    """
    Keep what was said about contents that the taxonomy's newest changes can't alter.

    To be called before an extraction. Nothing is kept where the rules changed or a file of
    patterns did. Returns how many contents need no reading.
    """
    current = ExtractorVersion(EXTRACTOR_VERSION, CODE_VERSION, read_files(folder))
    last = store.current_version()
    store.write_version(current)
    if last is None or last == current:
        return 0
    store.forget_results(EXTRACTOR_VERSION)  # of a taxonomy that was taken back and returns
    found = changes(last.taxonomy, current.taxonomy)
    if last.code_version != CODE_VERSION or found.anywhere:
        return 0
    touched = [one["content_hash"] for one in contents_touched(store, found)]
    return store.carry_results(last.extractor_version, EXTRACTOR_VERSION, touched)


def read_files(folder: Path) -> Files:
    return {name: text.decode() for name, text in vocabulary(folder).items()}


@contextmanager
def taxonomy_at(version: Path | str) -> Iterator[Path]:
    """The folder of a taxonomy: itself, or as a git commit of this checkout has it."""
    if Path(version).is_dir():
        yield Path(version)
        return
    command = ["git", "archive", "--format=tar", str(version)]
    archived = subprocess.run(command, cwd=HERE, capture_output=True, check=False)
    if archived.returncode:
        reason = archived.stderr.decode(errors="replace").strip()
        raise TaxonomyError(f'"{version}" is no folder and no commit ({reason}); name one')
    with tempfile.TemporaryDirectory() as folder:
        _unpack(archived.stdout, Path(folder))
        yield Path(folder)


def _unpack(archived: bytes, folder: Path) -> None:
    """Write the files of a tar archive; `extractall` is safe only from Python 3.11.4 on."""
    with tarfile.open(fileobj=io.BytesIO(archived)) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            target = (folder / member.name).resolve()
            if content and target.is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())


def diff(old: Path | str, new: Path | str, store: Store) -> Diff:
    """
    Compare the labels that two taxonomies (folders or commits) give to the contents of a store.

    Raises TaxonomyError for a version that isn't there or doesn't load.
    """
    with taxonomy_at(old) as old_folder, taxonomy_at(new) as new_folder:
        found = changes(read_files(old_folder), read_files(new_folder))
        before, after = Labeller(old_folder), Labeller(new_folder)
        touched = 0
        moved: dict[str, tuple[set[Label], set[Label]]] = {}
        for content in contents_touched(store, found):
            touched += 1
            was, will_be = before.labels(content), after.labels(content)
            if was != will_be:
                moved[content["content_hash"]] = (was - will_be, will_be - was)
    contents = store.count_contents()
    return Diff(found, contents, touched, len(moved), tuple(_shifts(store, moved)))


class Labeller:
    """The roles of titles and the skills of texts by one taxonomy."""

    def __init__(self, folder: Path) -> None:
        self._title = TitleReader(load_roles(folder))
        self._skills = SkillFinder(load_skills(folder))

    def labels(self, content: dict[str, Any]) -> set[Label]:
        roles = self._title.read(content["title"], content["employer_text"] or "").roles
        skills = self._skills(to_text(content["description_html"] or ""))
        found: set[Label] = {("role", role) for role in roles}
        return found | {("skill", one.skill_id) for one in skills}


def _shifts(store: Store, moved: dict[str, tuple[set[Label], set[Label]]]) -> Iterator[Shift]:
    lost, gained = Counter[tuple[str, Label]](), Counter[tuple[str, Label]]()
    for content_hash, month, is_flow, postings in store.posting_months():
        for count, labels in zip((lost, gained), moved.get(content_hash, ((), ())), strict=True):
            for label in labels:
                # A thread's posts have no title: their roles are read from the text.
                if not (is_flow and label[0] == "role"):
                    count[month, label] += postings
    published = store.published_labels()
    for month, label in sorted(lost.keys() | gained.keys()):
        key = (month, *label)
        yield Shift(*key, published.get(key, 0), lost[month, label], gained[month, label])

"""Load the taxonomy's CSV files and refuse what a person would not have meant: see `rows.py`."""

import re
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from pydantic import field_validator

from taxonomy.folding import fold
from taxonomy.rows import (
    Problems,
    Row,
    check_acyclic,
    check_aliases,
    check_known,
    check_translated,
    check_unique,
    read_rows,
)

HERE = Path(__file__).parent
Language = Literal["en", "ja", "any"]
Context = Literal[
    "", "list", "cue", "line", "asked", "never"
]  # pipeline/skills.py says what each is
WIDENING = ("list", "cue", "line", "")  # each holds wherever the one before does
LEVELS = ("vp", "head", "director", "manager", "lead", "chief")
LINKS = {  # a role that has no concept there says "none"
    "isco_code": re.compile(r"\d{4}"),
    "esco_url": re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9a-f-]{36}"),
    "esco_label": re.compile(r".+"),
    "onet_code": re.compile(r"\d\d-\d{4}\.\d\d"),
    "onet_label": re.compile(r".+"),
}
_SIGNS = frozenset({"industry", "thing", "software"})  # words that aren't cut out of a title
Marker = Literal["candidate", "grade_employer", "grade_title", "grade_rung"]


class Skill(Row):
    skill_id: str
    preferred_label_en: str
    preferred_label_ja: str
    kind: str  # technology, method, management, …
    broader_id: str = ""
    note: str = ""


class SkillAlias(Row):
    skill_id: str
    lang: Language
    alias: str
    is_case_sensitive: bool = False
    context: Context = ""  # what must stand near an alias that is also a common word
    note: str = ""

    @field_validator("is_case_sensitive", mode="before")
    @classmethod
    def _empty_is_false(cls, value: object) -> object:
        return value or False


class Responsibility(Row):
    responsibility_id: str
    kind: Literal["duty", "skill"]
    preferred_label_en: str
    preferred_label_ja: str
    definition_en: str
    definition_ja: str


@dataclass(frozen=True, slots=True)
class Skills:
    skills: tuple[Skill, ...]
    aliases: tuple[SkillAlias, ...]


@cache
def load_skills(folder: Path = HERE) -> Skills:
    """Load skills.csv and skill_aliases.csv. Raises TaxonomyError."""
    problems = Problems()
    skills = read_rows(folder / "skills.csv", Skill, problems)
    aliases = read_rows(folder / "skill_aliases.csv", SkillAlias, problems)
    ids = [skill.skill_id for skill in skills]
    check_unique("skills.csv", skills, attrgetter("skill_id"), problems)
    check_translated("skills.csv", skills, ("preferred_label_en", "preferred_label_ja"), problems)
    check_known("skills.csv", skills, attrgetter("broader_id"), ids, problems)
    check_acyclic("skills.csv", skills, attrgetter("skill_id"), attrgetter("broader_id"), problems)
    check_known("skill_aliases.csv", aliases, attrgetter("skill_id"), ids, problems)
    check_aliases(
        "skill_aliases.csv",
        aliases,
        attrgetter("skill_id"),
        lambda row: row.alias if row.is_case_sensitive else row.alias.casefold(),
        problems,
    )
    _check_reached(skills, aliases, problems)
    common = {row.word for row in read_rows(folder / "common_words.csv", CommonWord, problems)}
    for row in aliases:
        if row.alias.casefold() in common and not (row.context or row.is_case_sensitive):
            reason = "is a common word"
            remedy = "give it a context or its case"
            problems.add("skill_aliases.csv", row.line, row.alias, reason, remedy)
    problems.raise_if_any()
    return Skills(skills, aliases)


def _check_reached(
    skills: tuple[Skill, ...], aliases: tuple[SkillAlias, ...], problems: Problems
) -> None:
    """Report skills that nothing names, and aliases that another skill's alias always precedes."""
    named = {row.skill_id for row in aliases}
    for skill in skills:
        if skill.skill_id not in named:
            reason, remedy = "has no alias", "add one to skill_aliases.csv"
            problems.add("skills.csv", skill.line, skill.skill_id, reason, remedy)
    earlier: dict[str, list[SkillAlias]] = {}
    for row in aliases:
        others = earlier.setdefault(normalize("NFKC", row.alias).casefold(), [])
        shadow = next((one for one in others if _shadows(one, row)), None)
        if shadow and shadow.skill_id != row.skill_id:
            reason = f"is always read as {shadow.skill_id} (line {shadow.line})"
            problems.add("skill_aliases.csv", row.line, row.alias, reason, "narrow one of the two")
        others.append(row)


def _shadows(first: SkillAlias, second: SkillAlias) -> bool:
    """Whether the first of two aliases of like letters is read wherever the second would be."""
    wherever = first.context in ("", second.context)
    if first.context in WIDENING and second.context in WIDENING:
        wherever = WIDENING.index(first.context) >= WIDENING.index(second.context)
    as_written = not first.is_case_sensitive or first.alias == second.alias
    return wherever and as_written and first.context != "never"


@cache
def load_responsibilities(folder: Path = HERE) -> tuple[Responsibility, ...]:
    """Load responsibilities.csv. Raises TaxonomyError."""
    problems = Problems()
    rows = read_rows(folder / "responsibilities.csv", Responsibility, problems)
    check_unique("responsibilities.csv", rows, attrgetter("responsibility_id"), problems)
    labels = ("preferred_label_en", "preferred_label_ja", "definition_en", "definition_ja")
    check_translated("responsibilities.csv", rows, labels, problems)
    problems.raise_if_any()
    return rows


class Role(Row):
    role_id: str
    preferred_label_en: str
    preferred_label_ja: str
    family: str
    parent_id: str = ""
    level: str
    definition_en: str
    definition_ja: str
    isco_code: str
    esco_label: str
    esco_url: str
    onet_code: str
    onet_label: str


class RoleGroup(Row):
    """One member of a group that trends can be asked for."""

    group_id: str
    preferred_label_en: str
    preferred_label_ja: str
    role_id: str


class CommonWord(Row):
    """An alias that means something else at least as often."""

    word: str
    note: str


class RoleAlias(Row):
    role_id: str
    lang: Language
    alias: str
    note: str = ""


class RoleExclusion(Row):
    phrase: str  # {role} stands for any leadership post, … for the rest of the title
    lang: Language
    reason: str


class TitleWord(Row):
    word: str
    lang: Language
    kind: Literal[
        "level", "topic", "discipline", "engineer", "rank", "industry", "thing", "software"
    ]
    value: str = ""  # a level or a function_id
    engineer_role: str = ""  # the role of "<word> engineer"
    note: str = ""


class TitleFunction(Row):
    """What a level means in a function; an empty cell is no role of the taxonomy."""

    function_id: str
    vp: str = ""
    head: str = ""
    director: str = ""
    manager: str = ""
    lead: str = ""
    chief: str = ""
    grade: str = ""  # the work behind a pay grade: "Vice President, Software Engineering"
    note: str = ""


class TitleMarker(Row):
    marker: Marker
    phrase: str
    lang: Language
    note: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    roles: tuple[Role, ...]
    groups: tuple[RoleGroup, ...]
    aliases: tuple[RoleAlias, ...]
    exclusions: tuple[RoleExclusion, ...]
    words: tuple[TitleWord, ...]
    functions: tuple[TitleFunction, ...]
    markers: tuple[TitleMarker, ...]


@cache
def load_roles(folder: Path = HERE) -> Roles:
    """Load everything that the reading of titles needs. Raises TaxonomyError."""
    problems = Problems()
    rows = Roles(
        roles=read_rows(folder / "roles.csv", Role, problems),
        groups=read_rows(folder / "role_groups.csv", RoleGroup, problems),
        aliases=read_rows(folder / "role_aliases.csv", RoleAlias, problems),
        exclusions=read_rows(folder / "role_exclusions.csv", RoleExclusion, problems),
        words=read_rows(folder / "title_words.csv", TitleWord, problems),
        functions=read_rows(folder / "title_functions.csv", TitleFunction, problems),
        markers=read_rows(folder / "title_markers.csv", TitleMarker, problems),
    )
    common = read_rows(folder / "common_words.csv", CommonWord, problems)
    ids = {row.role_id for row in rows.roles}
    _check_roles(rows, ids, problems)
    _check_role_aliases(rows, ids, {row.word for row in common}, problems)
    _check_title_words(rows, ids, problems)
    problems.raise_if_any()
    return rows


def _check_roles(rows: Roles, ids: set[str], problems: Problems) -> None:
    check_unique("roles.csv", rows.roles, attrgetter("role_id"), problems)
    labels = ("preferred_label_en", "preferred_label_ja", "definition_en", "definition_ja")
    check_translated("roles.csv", rows.roles, labels, problems)
    check_known("roles.csv", rows.roles, attrgetter("parent_id"), ids, problems)
    check_acyclic("roles.csv", rows.roles, attrgetter("role_id"), attrgetter("parent_id"), problems)
    _check_links(rows.roles, problems)
    check_unique(
        "role_groups.csv", rows.groups, lambda row: f"{row.group_id} {row.role_id}", problems
    )
    check_translated("role_groups.csv", rows.groups, labels[:2], problems)
    check_known("role_groups.csv", rows.groups, attrgetter("role_id"), ids, problems)


def _check_links(roles: tuple[Role, ...], problems: Problems) -> None:
    """Report links to other classifications that are malformed, or half a link."""
    for role in roles:
        for column, pattern in LINKS.items():
            value = getattr(role, column)
            if value != "none" and not pattern.fullmatch(value):
                remedy = f"use the form {pattern.pattern} or none"
                problems.add("roles.csv", role.line, value, f"is no {column}", remedy)
        for link, label in (("esco_url", "esco_label"), ("onet_code", "onet_label")):
            if (getattr(role, link) == "none") != (getattr(role, label) == "none"):
                reason = f"is half a link: {label} is {getattr(role, label)}"
                problems.add("roles.csv", role.line, getattr(role, link), reason, "fill in both")


def _check_role_aliases(rows: Roles, ids: set[str], common: set[str], problems: Problems) -> None:
    file = "role_aliases.csv"
    check_known(file, rows.aliases, attrgetter("role_id"), ids, problems)
    check_aliases(
        file, rows.aliases, attrgetter("role_id"), lambda row: fold(row.alias).text, problems
    )
    check_unique(
        "role_exclusions.csv", rows.exclusions, lambda row: fold(row.phrase).text, problems
    )
    check_translated("role_exclusions.csv", rows.exclusions, ("reason",), problems)
    excluded = {fold(row.phrase).text: row.line for row in rows.exclusions}
    for row in rows.aliases:
        key = fold(row.alias).text
        if line := next((excluded[phrase] for phrase in excluded if _holds(key, phrase)), None):
            reason = f"is shadowed by role_exclusions.csv line {line}"
            problems.add(file, row.line, row.alias, reason, "delete one of the two")
        if key in common and row.lang != "ja":
            reason = "is a common word"
            problems.add(file, row.line, row.alias, reason, "set lang to ja or use a longer alias")


def _holds(folded: str, phrase: str) -> bool:
    """Whether a phrase stands in a folded alias; Latin words end at Latin letters and digits."""
    return phrase in folded and bool(
        re.search(rf"(?<![a-z0-9]){re.escape(phrase)}(?![a-z0-9])", folded)
    )


def _check_title_words(rows: Roles, ids: set[str], problems: Problems) -> None:
    functions = {row.function_id for row in rows.functions}
    allowed = {
        "level": set(LEVELS),
        "topic": functions,
        "discipline": functions,
        "engineer": {"engineer", "developer"},
        "rank": {""},
        "industry": {""},
        "thing": {""},
        "software": {""},
    }
    file = "title_words.csv"
    for signs in ({"industry"}, {"thing"}, {"software"}, allowed.keys() - _SIGNS):
        words = [row for row in rows.words if row.kind in signs]
        check_unique(file, words, lambda row: fold(row.word).text, problems)
    check_known(file, rows.words, attrgetter("engineer_role"), ids, problems)
    for word in rows.words:
        if word.value not in allowed[word.kind]:
            reason = f"is no value of a {word.kind}"
            remedy = f"use one of {sorted(allowed[word.kind])}"
            problems.add(file, word.line, word.value, reason, remedy)
    file = "title_functions.csv"
    check_unique(file, rows.functions, attrgetter("function_id"), problems)
    for level in (*LEVELS, "grade"):
        check_known(file, rows.functions, attrgetter(level), ids, problems)
    check_unique(
        "title_markers.csv", rows.markers, lambda row: f"{row.marker} {row.phrase}", problems
    )

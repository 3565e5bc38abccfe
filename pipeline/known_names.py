"""What one taxonomy knows of titles and terms, and what an unknown one is most like."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pipeline.list_terms import LONGEST_WORDS, Term, terms
from pipeline.roles import TitleReader
from pipeline.skills import SkillFinder
from pipeline.spelling import NearNames, key_of
from pipeline.title_words import Lexicon
from taxonomy.edit import load_refusals
from taxonomy.folding import fold
from taxonomy.load import HERE, RoleAlias, load_roles, load_skills
from taxonomy.rows import Problems, Row, read_rows

FEW = 2  # postings that make evidence

_LETTER = re.compile(r"[^\W\d_]")
_TITLE_BREAK = re.compile(r"[,|/()\[\]【】（）:：／｜、@]|\s[-–—~]\s|\bat\b|\bfor\b|\bin\b")


class PlaceName(Row):
    name: str
    kind: str
    country_code: str


class KnownNames:
    """The names of a taxonomy's folder. Raises TaxonomyError for one that doesn't load."""

    def __init__(self, folder: Path = HERE) -> None:
        roles, skills = load_roles(folder), load_skills(folder)
        problems = Problems()
        places = read_rows(folder / "places.csv", PlaceName, problems)
        problems.raise_if_any()
        self.refused = {row.candidate_id for row in load_refusals(folder)}
        self._reader = TitleReader(roles)
        words = (row for row in roles.words if row.kind not in {"industry", "thing", "software"})
        self._lexicon = Lexicon(words)
        for alias in roles.aliases:
            self._lexicon.add_alias(alias)
        self._lexicon.compile()
        self._head_roles = _head_roles(roles.aliases)
        self._finder = SkillFinder(skills)
        self._broader = {row.skill_id: row.broader_id for row in skills.skills}
        self._skills = {key_of(row.alias): row.skill_id for row in skills.aliases}
        unmistakable = (row for row in skills.aliases if not row.context)
        self._near = NearNames((row.alias, row.skill_id) for row in unmistakable)
        self._places = {key_of(row.name) for row in places}

    def unknown_head(self, title: str) -> str:
        """Return the noun phrase that a title opens with if its last word is unknown, or ""."""
        first = next((part for part in _TITLE_BREAK.split(title) if part.strip()), "").strip()
        folded = fold(first)
        tokens = self._lexicon.tokens(folded.text, first)
        while tokens and tokens[-1].entry.is_rank:
            tokens.pop()
        if not tokens or tokens[-1].kind != "word" or self._reader.read(title).roles != ("other",):
            return ""
        begin = tokens[-1].start
        for token in reversed(tokens[-LONGEST_WORDS:]):
            if token.kind not in {"word", "entry"} or token.entry.is_rank:
                break
            begin = token.start
        start, end = folded.original_span(begin, tokens[-1].end)
        return first[start:end] if _LETTER.search(first[start:end]) else ""

    def roles_near(self, head: str) -> set[str]:
        """The roles of its singular, else of the words in it, else of names that end alike."""
        folded = fold(head).text
        singular = set(self._reader.read(folded.removesuffix("s")).roles) - {"other"}
        if singular:
            return singular
        topics = {token.entry.engineer_role for token in self._lexicon.tokens(folded, head)}
        return topics - {""} or self._head_roles.get(folded.split()[-1], set())

    def unknown_terms(self, text: str) -> Iterator[tuple[str, Term]]:
        """Yield (key, term) of the unknown pieces in lists of skills."""
        for term in terms(text, self._finder(text)):
            key = key_of(term.text)
            if key not in self._skills and key not in self._places:
                yield key, term

    def broader_of(self, skill_ids: Iterable[str]) -> set[str]:
        return {self._broader[skill_id] for skill_id in skill_ids} - {""}

    def names_people(self, term: str) -> bool:
        """Whether a word of the term is a post or a rank: "UX Designer", "technical leads"."""
        folded = fold(term).text
        forms = (folded, folded.removesuffix("s"))
        tokens = [token for form in forms for token in self._lexicon.tokens(form, form)]
        return any(token.entry.is_anchor or token.entry.is_rank for token in tokens)

    def skill_named(
        self, key: str, glosses: Counter[str], near: Collection[str]
    ) -> tuple[str, str]:
        """
        Return the known skill that a term is another name of, and why, or ("", "").

        `glosses` are skills in brackets beside it, `near` the broader skills of its neighbours.
        """
        if plural := self._skills.get(key.removesuffix("s")):
            return plural, "a plural"
        for skill_id, postings in glosses.most_common(1):
            if postings >= FEW:
                return skill_id, f"its other name in brackets in {postings} postings"
        alike = self._near.find(key)
        if alike and self._broader[alike[1]] in near:
            return alike[1], f'spelled like "{alike[0]}"'
        return "", ""


def _head_roles(aliases: Iterable[RoleAlias]) -> dict[str, set[str]]:
    """The role of each last word that several aliases share and that means one role in all."""
    heads: dict[str, list[str]] = {}
    for row in aliases:
        words = fold(row.alias).text.split()
        if len(words) > 1:
            heads.setdefault(words[-1], []).append(row.role_id)
    return {
        head: set(roles)
        for head, roles in heads.items()
        if len(roles) >= FEW and len(set(roles)) == 1
    }

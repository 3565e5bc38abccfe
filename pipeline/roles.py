"""
Title → roles: exclusions first, then level × function × trade.

A title is cut into words that the taxonomy knows (`title_words.csv`, `role_aliases.csv`), words
that it doesn't, and separators. A level ("VP", "Head", 部長) takes its function from the phrase
beside it, and `title_functions.csv` says what role the two make; an engineer takes the trade of
the words before it; other aliases are roles by themselves. English and Japanese phrases both
have their head at the end, so one reading serves both.
"""

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import get_args

from pipeline.extraction import Span, TitleReading
from pipeline.title_phrases import Phrases
from pipeline.title_reading import Post, Reading
from pipeline.title_words import PRACTITIONERS, Lexicon
from taxonomy.folding import Folded, fold
from taxonomy.load import Marker, Roles, load_roles

_MEMORY = 8_192  # titles; boards list the same ones night after night

_WORKS = PRACTITIONERS | {
    "product_manager",
    "project_manager",
    "data_scientist",
    "architect",
    "tech_lead",
}
_VETOED_BY_INDUSTRY = frozenset({"engineering", "technology", "research", "development", "quality"})
_NAMED_VP = re.compile(r"(?:vp|president) of ")  # a rung is written without "of"


class TitleReader:
    """Reads titles by one taxonomy. Pure: the same title and employer give the same reading."""

    def __init__(self, taxonomy: Roles) -> None:
        self._functions = {row.function_id: row for row in taxonomy.functions}
        self._excluded = Phrases(row.phrase for row in taxonomy.exclusions)
        self._other_industry, self._software = (
            Phrases(row.word for row in taxonomy.words if row.kind in signs)
            for signs in ({"industry", "thing"}, {"software"})
        )
        self._industry_of_employer = Phrases(
            (row.word for row in taxonomy.words if row.kind == "industry"), is_glued=True
        )
        self._markers = {
            marker: Phrases(row.phrase for row in taxonomy.markers if row.marker == marker)
            for marker in get_args(Marker)
        }
        self._lexicon = Lexicon(
            row for row in taxonomy.words if row.kind not in {"industry", "thing", "software"}
        )
        # An alias that the words already read is not matched as a phrase, so that what stands
        # before it still counts: "Engineering Manager" in "Civil Engineering Manager".
        for alias in taxonomy.aliases:
            if alias.role_id == "other" or self._read(alias.alias).roles != (alias.role_id,):
                self._lexicon.add_alias(alias)
        self._lexicon.compile()
        self.read = lru_cache(maxsize=_MEMORY)(self._read)

    def _read(self, title: str, employer: str = "") -> TitleReading:
        folded = fold(title)
        if not folded.text.strip():
            return TitleReading()
        employer = fold(employer).text
        text = self._excluded.blank(folded.text)
        reading = Reading(self._lexicon.tokens(text, title), self._functions)
        posts = reading.found
        names_software = reading.names_software or self._software.search(text)
        if not names_software and (
            self._other_industry.search(text)
            or (not reading.names_data and self._industry_of_employer.search(employer))
        ):
            posts = _without_software(posts, is_goods="product development" in text)
        is_grade = self._is_grade(text, employer, posts)
        if is_grade:
            posts = self._work_behind_grade(posts, text)
        spans: dict[str, Span] = {}
        for post in posts:
            if post.role and post.role != "other":
                spans.setdefault(post.role, _span(title, folded, post.start, post.end))
        spans = spans or {"other": _span(title, folded, 0, len(folded.text))}
        is_candidate = self._markers["candidate"].search(folded.text)
        return TitleReading(
            roles=tuple(spans),
            spans=tuple(spans.values()),
            is_grade=is_grade,
            is_candidate=is_candidate,
        )

    def _is_grade(self, text: str, employer: str, posts: list[Post]) -> bool:
        """
        Decide whether the title holds a rung of a ladder of pay grades.

        At an employer with such a ladder every vice president is one, and a director beside other
        work; elsewhere only a vice president of nothing beside other work is.
        """
        work = {
            post.role
            for post in posts
            if post.level not in {"vp", "director", "head", "chief"} and not post.is_weak
        } - {""}
        has_ladder = self._markers["grade_employer"].search(employer) or (
            self._markers["grade_title"].search(text) and not _NAMED_VP.search(text)
        )
        if not self._markers["grade_rung"].search(text):
            has_director = any(post.level == "director" and not post.role for post in posts)
            return has_ladder and has_director and bool(work)
        has_bare_vp = any(post.level == "vp" and post.function in {"", "trade"} for post in posts)
        return has_ladder or (has_bare_vp and not work.isdisjoint(_WORKS))

    def _work_behind_grade(self, posts: list[Post], text: str) -> list[Post]:
        work = [
            post
            for post in posts
            if post.role
            and post.level not in {"vp", "director"}
            and not (post.level and self._markers["grade_rung"].search(text[post.start : post.end]))
        ]
        if not work:
            for post in posts:
                post.role = self._functions[post.function].grade if post.function else ""
                if post.role == "software_engineer" and post.trade:
                    post.role = post.trade
        return work or posts


def _without_software(posts: list[Post], *, is_goods: bool) -> list[Post]:
    """Read the posts of an industry that builds something else than software."""
    vetoed = _VETOED_BY_INDUSTRY | ({"product"} if is_goods else set())
    kept = []
    for post in posts:
        is_bare_architect = post.role == "architect" and post.end - post.start == len("architect")
        is_technical = post.role in {"tech_lead", "qa_engineer"} and not post.level
        if post.is_default:
            kept.append(replace(post, role="other_engineer"))
        elif not (is_bare_architect or is_technical or post.function in vetoed):
            kept.append(post)
    return kept


def _span(title: str, folded: Folded, start: int, end: int) -> Span:
    inner = folded.text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    first, last = folded.original_span(start, end)
    return Span(start=first, end=last, text=title[first:last], field="title")


@cache
def _default_reader() -> TitleReader:
    return TitleReader(load_roles())


def read_title(
    title: str, employer: str = "", *, reader: TitleReader | None = None
) -> TitleReading:
    """
    Read who a title hires for.

    The employer decides only what the title leaves open: whether a rung is a pay grade, and
    whether its engineers build software at all. A title that says nothing is no role; one that
    says something else is `other`.
    """
    return (reader or _default_reader()).read(title, employer)

"""
Sentences that may be printed about the demand for a role, generated from its figures (method 2.8).

Which sentence follows from the counts, the interval and the coverage; nothing else is ever said.
What can't be said is refused with the reason. Under each stands the note that belongs under it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import duckdb
import orjson

from warehouse.claim_words import NOTES, REASONS, SENTENCES
from warehouse.panel import Comparison, Panel, Slice, compare_role, find_panel
from warehouse.periods import Language, Period, parse_period
from warehouse.query import open_published
from warehouse.render import Format, render
from warehouse.statistics import SIGNIFICANCE, Standing, number
from warehouse.trend import ALL, find_country, find_role, find_source
from warehouse.workspace import Workspace

Verdict = Literal["too_few", "no_clear_change", "rise", "fall", "withheld"]
Against = Literal["period_before", "year_before"]
FEWEST = 10  # new openings in both periods together; fewer tell no direction


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What may be said of a role: a sentence, or None and the reason why not.

    `p_value` is adjusted if several roles were asked for at once.
    """

    role_id: str
    label: str
    lang: Language
    verdict: Verdict
    sentence: str | None
    reason: str | None
    before: Period
    after: Period
    as_of_date: date
    panel: Panel | None
    comparison: Comparison | None
    p_value: float | None
    notes: tuple[str, ...]

    @property
    def row(self) -> list[object]:
        found = self.comparison
        ratio = found.ratio if found else None
        return [
            self.role_id,
            self.verdict,
            ratio.before if ratio else None,
            ratio.after if ratio else None,
            ratio.value if ratio else None,
            ratio.interval.low if ratio else None,
            ratio.interval.high if ratio else None,
            self.p_value,
            self.sentence or self.reason,
        ]

    def render(self, form: Format = "table") -> str:
        """The sentence, or why there is none, and under it the notes; JSON and CSV have it all."""
        if form == "json":
            return orjson.dumps(self, default=list, option=orjson.OPT_INDENT_2).decode() + "\n"
        if form == "csv":
            return render([self.row], COLUMNS, form)
        lines = [self.sentence or self.reason or "", "", *self.notes]
        return "\n".join(lines) + "\n"


COLUMNS = ("role_id", "verdict", "before", "after", "ratio", "low", "high", "p_value", "sentence")


@dataclass(frozen=True, slots=True)
class Question:
    """A comparison of two periods in one slice of one file."""

    where: Slice
    before: Period
    after: Period
    as_of_date: date
    first_date: date | None
    versions: str
    provisional_from: date
    lang: Language

    @property
    def labels(self) -> dict[str, str]:
        with_year = self.before.start.year != self.after.start.year
        return {
            "period_before": self.before.label(self.lang, with_year=with_year),
            "period_after": self.after.label(self.lang, with_year=with_year),
        }


def claim(
    where: Workspace | Path,
    role: str,
    period_from: str,
    period_to: str | None = None,
    *,
    lang: Language = "en",
    against: Against = "period_before",
    country: str | None = None,
    source: str | None = None,
) -> Claim:
    """
    Return what may be said of the new openings of a role in a period against an earlier one.

    Periods: `2026-06`, `2026-Q2`, `2026` or dates. Raises UnknownNameError for a role, country,
    source or period that isn't known, NotPublishedError if there is no file.
    """
    after = parse_period(period_from, period_to)
    with open_claims(where) as connection:
        role_id, label_en, label_ja = find_role(connection, role)
        question = ask(connection, after, lang, against, country=country, source=source)
        panel = find_panel(connection, question.where, question.before, question.after)
        names = (role_id, label_ja if lang == "ja" else label_en)
        if refusal := refuse(question, panel):
            return withheld(names, question, refusal)
        comparison = compare_role(
            connection, question.where, role_id, question.before, question.after
        )
    return conclude(names, question, panel, comparison)


def open_claims(where: Workspace | Path) -> duckdb.DuckDBPyConnection:
    return open_published(where.warehouse if isinstance(where, Workspace) else where)


def ask(
    connection: duckdb.DuckDBPyConnection,
    after: Period,
    lang: Language,
    against: Against,
    *,
    country: str | None,
    source: str | None,
) -> Question:
    kind, source_name = find_source(connection, source)
    as_of_date, first_date, nights, versions = connection.execute(
        "select as_of_date, first_stock_date, provisional_nights, extractor_versions from about"
    ).fetchall()[0]
    return Question(
        where=Slice(kind, source_name, find_country(connection, country)),
        before=after.before() if against == "period_before" else after.year_before(),
        after=after,
        as_of_date=as_of_date,
        first_date=first_date,
        versions=versions or "-",
        provisional_from=as_of_date - timedelta(nights - 1),
        lang=lang,
    )


def refuse(question: Question, panel: Panel) -> str | None:
    """Why the periods can't be compared, or None."""
    reasons, facts = REASONS[question.lang], {**question.labels, "source": question.where.source}
    if question.after.end > question.as_of_date:
        period = facts["period_after"]
        return reasons["not_over"].format(period=period, as_of_date=question.as_of_date)
    if question.where.kind == "flow":
        if question.after.months is None:
            return reasons["no_months"].format(**facts)
        return None if all(panel.threads) else reasons["no_threads"].format(**facts)
    if not panel.boards:
        return reasons["no_panel"].format(**facts, first_date=question.first_date)
    return None


def withheld(names: tuple[str, str], question: Question, reason: str) -> Claim:
    role_id, label = names
    return Claim(
        role_id=role_id,
        label=label,
        lang=question.lang,
        verdict="withheld",
        sentence=None,
        reason=reason,
        before=question.before,
        after=question.after,
        as_of_date=question.as_of_date,
        panel=None,
        comparison=None,
        p_value=None,
        notes=(NOTES[question.lang]["coverage"],),
    )


def conclude(
    names: tuple[str, str],
    question: Question,
    panel: Panel,
    comparison: Comparison,
    *,
    p_value: float | None = None,
    roles: int = 1,
) -> Claim:
    """The claim that follows from the figures; `p_value` adjusted for the number of roles asked."""
    role_id, label = names
    p_value = comparison.ratio.p_value if p_value is None else p_value
    verdict = decide(comparison, p_value)
    words = SENTENCES[question.lang]
    reason, sentence = None, None
    if verdict == "withheld":
        figures = REASONS[question.lang]["collection"].format(**_collected(comparison))
        reason = f"{words['withheld']} ({figures})"
    else:
        is_split = verdict == "no_clear_change" and comparison.ratio.is_significant
        sentence = words["not_among_several" if is_split else verdict].format(
            role=_role_words(role_id, label, question.lang),
            roles=roles,
            p_value=number(p_value, 4),
            **_facts(question, panel, comparison),
        )
        is_open = question.after.end >= question.provisional_from
        if is_open or comparison.standing is Standing.provisional:
            sentence = words["provisional"] + sentence
    return Claim(
        role_id=role_id,
        label=label,
        lang=question.lang,
        verdict=verdict,
        sentence=sentence,
        reason=reason,
        before=question.before,
        after=question.after,
        as_of_date=question.as_of_date,
        panel=panel,
        comparison=comparison,
        p_value=p_value,
        notes=tuple(_notes(question, panel, comparison)),
    )


def _role_words(role_id: str, label: str, lang: Language) -> str:
    """As it stands before its noun; of all roles together English has no word there."""
    if lang == "ja":
        return label
    return "" if role_id == ALL else f"{label} "


def decide(comparison: Comparison, p_value: float) -> Verdict:
    ratio = comparison.ratio
    if comparison.standing is Standing.withheld:
        return "withheld"
    if ratio.before + ratio.after < FEWEST:
        return "too_few"
    if not ratio.is_significant or p_value >= SIGNIFICANCE:
        return "no_clear_change"
    return "rise" if ratio.interval.low > 1 else "fall"


def _facts(question: Question, panel: Panel, comparison: Comparison) -> dict[str, object]:
    ratio, words = comparison.ratio, SENTENCES[question.lang]
    where = question.where
    return {
        **question.labels,
        "before": ratio.before,
        "after": ratio.after,
        "ratio": "" if ratio.value is None else number(ratio.value),
        "interval": ratio.interval.text(),
        "panel": words[f"panel_{where.kind}"].format(
            boards=panel.boards, employers=panel.employers, source=where.source
        ),
    }


def _collected(comparison: Comparison) -> dict[str, float]:
    both = (comparison.before, comparison.after)
    return {
        "coverage": min(one.coverage_share for one in both),
        "imputed": max(one.imputed_share for one in both),
    }


def _notes(question: Question, panel: Panel, comparison: Comparison) -> Iterator[str]:
    words, where = NOTES[question.lang], question.where
    before, after = comparison.before, comparison.after
    first, second = question.before, question.after
    yield words[f"panel_{where.kind}"].format(
        boards=panel.boards,
        digest=panel.digest,
        source=where.source,
        country=where.country_code,
        before=panel.threads[0],
        after=panel.threads[1],
        all_before=before.all_new_openings,
        all_after=after.all_new_openings,
    )
    is_by_night = where.kind == "stock" and first.nights != second.nights
    exposure = words["exposure"].format(before=first.nights, after=second.nights)
    yield words["period"].format(
        before=f"{first.start}–{first.end}",
        after=f"{second.start}–{second.end}",
        as_of_date=question.as_of_date,
        exposure=exposure if is_by_night else "",
    )
    yield words["collected"].format(**_collected(comparison))
    stock = comparison.stock
    if stock and stock.interval:
        yield words["stock"].format(
            before=number(stock.before, 1),
            after=number(stock.after, 1),
            ratio=number(stock.after / stock.before),
            interval=stock.interval.text(),
        )
    clusters = after.clusters
    if where.kind == "stock" and clusters.count:
        yield words["clusters"].format(
            after=clusters.count,
            share=clusters.top_share,
            employers=clusters.employers,
            herfindahl=clusters.herfindahl,
            interval=clusters.interval.text(1),
        )
    yield words["classifier"].format(versions=question.versions)
    yield words["coverage"]

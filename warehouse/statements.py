"""
What an article says about the VPoE, held against the published figures.

Each statement is answered with supported, contradicted or not decidable from these data, and with
the numbers. What counts as which is fixed here beforehand, not chosen after seeing the figures.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb
import orjson

from warehouse.panel import MIN_EMPLOYERS, Slice, complete_months
from warehouse.periods import Language
from warehouse.query import open_published
from warehouse.render import Format, render
from warehouse.statement_words import FINDINGS, NOTES, STATEMENTS, VERDICTS
from warehouse.statistics import (
    MIN_PERIODS,
    Interval,
    Share,
    number,
    share_difference,
    share_interval,
    trend_test,
)
from warehouse.trend import PER, find_country, find_role, find_source
from warehouse.workspace import Workspace

Verdict = Literal["supported", "contradicted", "not_decidable"]
VPOE = "vp_engineering"
FEW_SHARE = 0.01  # of all openings; fewer are few
PAY_FROM, PAY_OF_PM = 7_000_000, 6_860_000  # yen a year, as the article has them
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One statement, its verdict and the figures behind it, in one language."""

    statement_id: str
    statement: str
    verdict: Verdict
    finding: str


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements about one file, and what they rest on."""

    lang: Language
    kind: str
    source: str
    as_of_date: date
    answers: tuple[Answer, ...]
    notes: tuple[str, ...]

    def render(self, form: Format = "table") -> str:
        if form == "json":
            return orjson.dumps(self, option=orjson.OPT_INDENT_2).decode() + "\n"
        columns = ("statement_id", "statement", "verdict", "finding")
        if form == "csv":
            rows = [[getattr(one, name) for name in columns] for one in self.answers]
            return render(rows, columns, form)
        blocks = [
            f"{one.statement}: {VERDICTS[self.lang][one.verdict]}\n  {one.finding}\n"
            for one in self.answers
        ]
        return "".join([*blocks, "\n", *(f"{note}\n" for note in self.notes)])


class Finding(NamedTuple):
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check asks: an open file and the slice that is asked about."""

    connection: duckdb.DuckDBPyConnection
    where: Slice
    lang: Language

    def fetch(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL's
        return self.connection.execute(sql, values).fetchall()

    def say(self, template: str, **values: object) -> str:
        return FINDINGS[self.lang][template].format(**values)

    def role(self, role_id: str) -> str:
        return find_role(self.connection, role_id)[1 if self.lang == "en" else 2]

    def responsibility(self, responsibility_id: str) -> str:
        column = f"preferred_label_{self.lang}"
        sql = f"select {column} from responsibilities where responsibility_id = $id"  # noqa: S608
        rows = self.fetch(sql, id=responsibility_id)
        return rows[0][0] if rows else responsibility_id


Check = Callable[[Facts], Finding]


def statements(
    where: Workspace | Path,
    *,
    lang: Language = "en",
    source: str | None = None,
    country: str | None = None,
) -> Statements:
    """
    Answer all statements from a published file; of its boards with a stock unless `source` has none.

    Raises UnknownNameError for a source or country that the file doesn't hold, NotPublishedError if
    there is no file.
    """
    path = where.warehouse if isinstance(where, Workspace) else where
    with open_published(path) as connection:
        kind, source_name = find_source(connection, source)
        as_of_date, versions, boards = connection.execute(
            f"select as_of_date, extractor_versions, {kind}_boards from about"  # noqa: S608
        ).fetchall()[0]
        place = Slice(kind, source_name, find_country(connection, country))
        facts = Facts(connection, place, lang)
        answers = tuple(
            Answer(name, STATEMENTS[name][lang], *check(facts)) for name, check in CHECKS.items()
        )
    values = {
        "kind": kind,
        "source": source_name,
        "country": place.country_code,
        "boards": boards,
        "as_of_date": as_of_date,
        "versions": versions or "-",
        "statements": len(answers),
    }
    notes = tuple(note.format(**values) for note in NOTES[lang].values())
    return Statements(lang, kind, source_name, as_of_date, answers, notes)


def demand_rises(facts: Facts) -> Finding:
    """A trend in the new openings of complete months, on one panel, that both tests see."""
    months, boards = complete_months(facts.connection, facts.where, VPOE, MIN_PERIODS)
    if len(months) < MIN_PERIODS:
        text = facts.say("few_months", periods=len(months), needed=MIN_PERIODS)
        return Finding("not_decidable", text)
    test = trend_test([one.new_openings for one in months], [one.exposure for one in months])
    kendall, poisson = test.mann_kendall, test.poisson
    values: dict[str, object] = {
        "openings": sum(one.new_openings for one in months),
        "periods": len(months),
        "first": f"{months[0].month:%Y-%m}",
        "last": f"{months[-1].month:%Y-%m}",
        "panel": facts.say(f"{facts.where.kind}_panel", boards=boards),
        "kendall_p": number(kendall.p_value if kendall else 1, 4),
    }
    if poisson is None:
        return Finding("not_decidable", facts.say("no_trend", **values))
    values["factor"], values["interval"] = number(poisson.factor, 3), poisson.interval.text(3)
    text = facts.say("trend", **values, p_value=number(poisson.p_value, 4))
    if not test.is_trend:
        return Finding("not_decidable", text)
    return Finding("supported" if poisson.slope > 0 else "contradicted", text)


def few_postings(facts: Facts) -> Finding:
    """The share of all openings: of the stock on its newest day, of the newest 12 threads."""
    part, whole = facts.fetch(
        NEWEST_SHARE,
        role=VPOE,
        kind=facts.where.kind,
        source=facts.where.source,
        country=facts.where.country_code,
        months=12 if facts.where.kind == "flow" else 1,
    )[0]
    if not whole:
        return Finding("not_decidable", facts.say("nothing"))
    low, high = share_interval(part, whole)
    text = facts.say(
        "share",
        part=part,
        whole=f"{whole:,}",
        share=number(PER * part / whole, 1),
        interval=Interval(PER * low, PER * high).text(1),
        few=f"{PER * FEW_SHARE:.0f}",
    )
    if high < FEW_SHARE:
        return Finding("supported", text)
    return Finding("contradicted" if low > FEW_SHARE else "not_decidable", text)


class Pair(NamedTuple):
    """That the texts of one role name a responsibility more often than those of the other."""

    concept_id: str
    role_id: str = VPOE
    other_id: str = "all"


def more_often(*pairs: Pair) -> Check:
    """Supported if all of it is, contradicted if any of it is."""

    def check(facts: Facts) -> Finding:
        findings = [_compare(facts, pair) for pair in pairs]
        text = "; ".join(dict.fromkeys(finding.text for finding in findings))
        return Finding(_all_of(finding.verdict for finding in findings), text)

    return check


def _all_of(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if "contradicted" in found:
        return "contradicted"
    return "supported" if found == {"supported"} else "not_decidable"


class Profile(NamedTuple):
    """How many of a role's openings name a responsibility."""

    part: int
    openings: int
    employers: int
    effective: float

    @property
    def share(self) -> Share:
        """Of the effective openings: those of one employer hang together."""
        return Share(self.effective * self.part / self.openings, self.effective)


def _compare(facts: Facts, pair: Pair) -> Finding:
    mine, others = (_profile(facts, role, pair.concept_id) for role in pair[1:])
    names = [facts.role(role) for role in pair[1:]]
    for profile, name in zip((mine, others), names, strict=True):
        if profile.employers < MIN_EMPLOYERS:
            text = facts.say(
                "few_employers", role=name, employers=profile.employers, needed=MIN_EMPLOYERS
            )
            return Finding("not_decidable", text)
    difference = share_difference(others.share, mine.share)
    low, high = difference.interval
    text = facts.say(
        "pair",
        concept=facts.responsibility(pair.concept_id),
        role=names[0],
        share=f"{mine.part / mine.openings:.0%}",
        openings=mine.openings,
        employers=mine.employers,
        interval=_percent(share_interval(*mine.share)),
        other=names[1],
        other_share=f"{others.part / others.openings:.0%}",
        other_openings=others.openings,
        difference=f"{100 * difference.value:+.0f}",
        low=f"{100 * low:+.0f}",
        high=f"{100 * high:+.0f}",
    )
    if low > 0:
        return Finding("supported", text)
    return Finding("contradicted" if high < 0 else "not_decidable", text)


def _percent(interval: Interval) -> str:
    return Interval(100 * interval.low, 100 * interval.high).text(0, " %")


def _profile(facts: Facts, role: str, concept_id: str) -> Profile:
    rows = facts.fetch(
        PROFILE,
        kind=facts.where.kind,
        role=role,
        concept=concept_id,
        country=facts.where.country_code,
    )
    return Profile(*rows[0])


def pay_from(least: float) -> Check:
    """The median pay in yen against a figure, employers counting once each."""

    def check(facts: Facts) -> Finding:
        values = {"role": VPOE, "kind": facts.where.kind, "country": facts.where.country_code}
        rows = facts.fetch(PAY, **values)
        if not rows:
            return Finding("not_decidable", facts.say("no_pay"))
        employers, openings, median, low, high, range_low, range_high = rows[0]
        text = facts.say(
            "pay",
            median=number(median / MILLION),
            interval=Interval(low / MILLION, high / MILLION).text(),
            low=number(range_low / MILLION),
            high=number(range_high / MILLION),
            employers=employers,
            openings=openings,
        )
        if low >= least:
            return Finding("supported", text)
        return Finding("contradicted" if high < least else "not_decidable", text)

    return check


CHECKS: dict[str, Check] = {
    "demand_rises": demand_rises,
    "few_postings": few_postings,
    "hires": more_often(Pair("hiring")),
    "develops": more_often(Pair("people_development")),
    "evaluates": more_often(Pair("performance_evaluation")),
    "forms_teams": more_often(Pair("team_building"), Pair("delivery_management")),
    "aligns": more_often(Pair("cross_functional_collaboration"), Pair("executive_alignment")),
    "cto_what_vpoe_how": more_often(
        Pair("technical_strategy", "cto", VPOE), Pair("delivery_management", VPOE, "cto")
    ),
    "vpop_what_to_build": more_often(Pair("product_strategy", "vp_product", VPOE)),
    "asks_business": more_often(Pair("business_acumen")),
    "asks_management": more_often(Pair("people_management")),
    "asks_problem_solving": more_often(Pair("problem_solving")),
    "asks_project_management": more_often(Pair("project_management")),
    "pay_from_7m": pay_from(PAY_FROM),
    "pay_above_pm": pay_from(PAY_OF_PM),
}
NEWEST_SHARE = """
    with months as (
        select
            whole.month,
            coalesce(mine.active_openings, mine.new_postings, 0) as part,
            coalesce(whole.active_openings, whole.new_postings) as whole
        from role_demand_monthly as whole
        left join role_demand_monthly as mine
            on whole.month = mine.month and whole.kind = mine.kind and whole.source = mine.source
            and whole.country_code = mine.country_code and mine.role_id = $role
        where whole.role_id = 'all' and whole.kind = $kind and whole.source = $source
            and whole.country_code = $country
        order by whole.month desc
        limit $months
    )

    select coalesce(sum(part), 0), coalesce(sum(whole), 0) from months
"""
PROFILE = """
    select
        coalesce(max(openings) filter (where concept_id = $concept and concept = 'responsibility'), 0),
        coalesce(max(role_openings), 0),
        coalesce(max(role_employers), 0),
        coalesce(max(effective_openings), 0)
    from role_profiles
    where kind = $kind and role_id = $role and country_code = $country and language = 'all'
"""
PAY = """
    select
        employers, openings, pay_median_year, coalesce(pay_median_low_year, 0),
        coalesce(pay_median_high_year, 'infinity'::double), pay_low_median_year, pay_high_median_year
    from role_pay
    where kind = $kind and role_id = $role and salary_currency = 'JPY' and country_code = $country
"""

"""Several roles side by side over the same two periods, the p values adjusted for their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from warehouse.claims import (
    COLUMNS,
    Against,
    Claim,
    ask,
    conclude,
    open_claims,
    refuse,
    withheld,
)
from warehouse.panel import compare_role, find_panel
from warehouse.periods import Language, parse_period
from warehouse.render import Format, render
from warehouse.statistics import adjusted_p_values, number
from warehouse.trend import find_role
from warehouse.workspace import Workspace

HEADINGS = ("role", "before", "after", "ratio", "95 % CI", "adjusted p", "verdict")


@dataclass(frozen=True, slots=True)
class RoleComparison:
    """A claim for each role, in the order asked; one panel and one note for all."""

    claims: tuple[Claim, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Those that all roles share."""
        first = self.claims[0].notes if self.claims else ()
        return tuple(note for note in first if all(note in one.notes for one in self.claims))

    def render(self, form: Format = "table") -> str:
        if form == "json":
            return orjson.dumps(self, default=list, option=orjson.OPT_INDENT_2).decode() + "\n"
        if form == "csv":
            return render([one.row for one in self.claims], COLUMNS, form)
        lines = [render([_cells(one) for one in self.claims], HEADINGS)]
        said = dict.fromkeys(one.sentence or one.reason for one in self.claims)
        lines += [f"{text}\n" for text in said]
        return "\n".join(lines) + "".join(f"\n{note}" for note in self.notes) + "\n"


def _cells(one: Claim) -> list[object]:
    if one.comparison is None or one.p_value is None or one.verdict == "withheld":
        return [one.label, None, None, None, None, None, one.verdict]
    ratio = one.comparison.ratio
    counts = [one.label, ratio.before, ratio.after]
    if ratio.value is None or one.verdict == "too_few":
        return [*counts, None, None, None, one.verdict]
    interval = ratio.interval.text()
    return [*counts, number(ratio.value), interval, number(one.p_value, 4), one.verdict]


def compare(
    where: Workspace | Path,
    roles: Sequence[str],
    period_from: str,
    period_to: str | None = None,
    *,
    lang: Language = "en",
    against: Against = "period_before",
    country: str | None = None,
    source: str | None = None,
) -> RoleComparison:
    """
    Return what may be said of each role; at most 5 % of the claims are chance (Benjamini-Hochberg).

    Raises as `warehouse.claims.claim` does.
    """
    after = parse_period(period_from, period_to)
    with open_claims(where) as connection:
        found = [find_role(connection, role) for role in roles]
        names = [(role_id, ja if lang == "ja" else en) for role_id, en, ja in found]
        question = ask(connection, after, lang, against, country=country, source=source)
        panel = find_panel(connection, question.where, question.before, question.after)
        if refusal := refuse(question, panel):
            return RoleComparison(tuple(withheld(name, question, refusal) for name in names))
        comparisons = [
            compare_role(connection, question.where, role_id, question.before, question.after)
            for role_id, _ in names
        ]
    adjusted = adjusted_p_values([one.ratio.p_value for one in comparisons])
    return RoleComparison(
        tuple(
            conclude(name, question, panel, comparison, p_value=p_value, roles=len(names))
            for name, comparison, p_value in zip(names, comparisons, adjusted, strict=True)
        )
    )

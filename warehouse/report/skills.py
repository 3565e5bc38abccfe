"""The skills page: which skills leadership posts name more, or less, often than before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.stats import fisher_exact

from warehouse.report import figures
from warehouse.report.figures import Figure, number, percent
from warehouse.report.world import World
from warehouse.statistics import (
    SIGNIFICANCE,
    Difference,
    Share,
    adjusted_p_values,
    share_difference,
)

LONGEST = 12  # months on each side
FEWEST = 5  # posts that name the skill, both stretches together; rarer ones can't change clearly
SHOWN = 24

WHOLE_MONTHS = """
    select distinct month from role_demand_monthly
    where role_id = 'all' and kind = $kind and source = $source and country_code = 'all'
        and period_end_date = last_day(month)
        and period_end_date <= (select as_of_date from about) and ($kind = 'flow' or month > (
            select date_trunc('month', first_stock_date) from about
        ) or month = (select first_stock_date from about))
    order by month
"""
COUNTS = """
    select
        d.skill_id, coalesce(s.preferred_label_{lang}, d.skill_id) as label,
        coalesce(sum(d.new_postings) filter (where d.month < $split), 0) as before,
        coalesce(sum(d.new_postings) filter (where d.month >= $split), 0) as after
    from skill_demand_monthly as d left join skills as s using (skill_id)
    where d.role_id = 'vpoe_broad' and d.kind = $kind and d.month between $first and $last
    group by all having sum(d.new_postings) >= $fewest
"""
POSTS = """
    select
        coalesce(sum(new_postings) filter (where month < $split), 0) as before,
        coalesce(sum(new_postings) filter (where month >= $split), 0) as after
    from role_demand_monthly
    where role_id = 'vpoe_broad' and kind = $kind and source = $source and country_code = 'all'
        and month between $first and $last
"""


@dataclass(frozen=True, slots=True)
class Skills:
    figure: Figure | None
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: Share
    after: Share
    difference: Difference
    p_value: float  # Fisher's exact test, adjusted for the number of skills (Benjamini-Hochberg)

    @property
    def verdict(self) -> str:
        if self.p_value >= SIGNIFICANCE:
            return "no_clear_change"
        return "rise" if self.difference.value > 0 else "fall"


def skills(world: World) -> Skills:
    months = [row["month"] for row in world.fetch(WHOLE_MONTHS, kind=world.kind, source=world.source)]  # fmt: skip
    length = min(LONGEST, len(months) // 2)
    if not length:
        return Skills(None, world.word("skills_none"))
    used = months[-2 * length :]
    changes = _changes(world, used, used[length])
    if not changes:
        return Skills(None, world.word("skills_none"))
    clear = sum(one.verdict != "no_clear_change" for one in changes)
    note = world.word("skills_note", count=len(changes), clear=clear)
    return Skills(_figure(world, changes, used, length), note)


def _changes(world: World, months: list[date], split: date) -> list[Change]:
    span = {"first": months[0], "last": months[-1], "split": split, "kind": world.kind}
    posts = world.fetch(POSTS, **span, source=world.source)[0]
    if not posts["before"] or not posts["after"]:
        return []
    rows = world.fetch(COUNTS.format(lang=world.lang), **span, fewest=FEWEST)
    whole_before, whole_after = int(posts["before"]), int(posts["after"])
    pairs = [
        (Share(int(row["before"]), whole_before), Share(int(row["after"]), whole_after))
        for row in rows
    ]
    p_values = [
        float(fisher_exact(np.array([[one.part, one.whole - one.part] for one in pair])).pvalue)
        for pair in pairs
    ]
    changes = [
        Change(row["label"], before, after, share_difference(before, after), p_value)
        for row, (before, after), p_value in zip(rows, pairs, adjusted_p_values(p_values), strict=True)
    ]  # fmt: skip
    return sorted(changes, key=lambda one: (-one.difference.value, one.label))


def _figure(world: World, changes: list[Change], months: list[date], length: int) -> Figure:
    half = SHOWN // 2
    shown = changes if len(changes) <= SHOWN else [*changes[:half], *changes[-half:]]
    points: list[dict[str, Any]] = [
        {
            "label": one.label,
            "series": world.word(one.verdict),
            "value": one.difference.value,
            "low": one.difference.interval.low,
            "high": one.difference.interval.high,
            "is_context": False,
        }
        for one in shown
    ]
    cells = [
        [one.label, f"{100 * one.difference.value:+.0f}", f"{100 * one.difference.interval.low:+.0f}–{100 * one.difference.interval.high:+.0f}",
         percent(one.before.part / one.before.whole), percent(one.after.part / one.after.whole), number(one.p_value, 3), world.word(one.verdict)]
        for one in changes
    ]  # fmt: skip
    spans = [f"{part[0]:%Y-%m}–{part[-1]:%Y-%m}" for part in (months[:length], months[length:])]
    titles = (world.word("skills_title"), world.word("skills_sub", before=spans[0], after=spans[1]))
    columns = ("skill", "change", "interval", "before", "after", "adjusted_p", "verdict")
    return world.ranking("skills", titles, columns, cells, figures.dots(points, "+%"))

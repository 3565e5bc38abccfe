"""The roles page: the VPoE against its neighbours, by what employers write, pay and wait."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from warehouse.durations import RoleDaysOpen, role_days_open
from warehouse.panel import MIN_EMPLOYERS
from warehouse.report import figures
from warehouse.report.figures import Figure, Points, number, percent, percents
from warehouse.report.world import VPOE, World

FOCUS = (VPOE, "cto")
MOST_CONCEPTS = 16
MOST_CURRENCIES = 2
TENS_OF_THOUSANDS = "format(datum.value / 10000, ',') + '万'"  # as Japanese counts money

NOW = """
    select role_id, active_openings, employers_hiring from role_demand_monthly
    where kind = 'stock' and source = 'all' and country_code = 'all'
        and month = (select max(month) from role_demand_monthly where kind = 'stock')
"""
YEAR = """
    select role_id, sum(new_openings) as new_openings, sum(new_postings) as new_postings
    from role_demand_monthly
    where kind = $kind and source = $source and country_code = 'all'
        and month > (select max(month) from role_demand_monthly where kind = $kind) - interval 1 year
    group by all
"""
PAY = """
    select * from role_pay where kind = $kind and country_code = 'all' and list_contains($roles, role_id)
    order by salary_currency, pay_median_year desc
"""
PROFILES = """
    select concept_id, role_id, share, share_low, share_high, openings, role_openings, role_employers,
        coalesce(s.preferred_label_{lang}, r.preferred_label_{lang}, concept_id) as label
    from role_profiles as p
    left join skills as s on p.concept = 'skill' and s.skill_id = p.concept_id
    left join responsibilities as r on p.concept = 'responsibility' and r.responsibility_id = p.concept_id
    where p.kind = $kind and p.concept = $concept and p.country_code = 'all' and p.language = 'all'
        and list_contains($roles, p.role_id) and p.role_employers >= $least
"""
SLICES = """
    select country_code, language, concept_id, share, share_low, share_high, role_openings,
        coalesce(r.preferred_label_{lang}, concept_id) as label
    from role_profiles as p
    left join responsibilities as r on r.responsibility_id = p.concept_id
    where p.kind = $kind and p.concept = 'responsibility' and p.role_id = 'vp_engineering'
        and p.role_employers >= $least and (p.country_code <> 'all') <> (p.language <> 'all')
    order by role_openings desc
"""


@dataclass(frozen=True, slots=True)
class Roles:
    columns: tuple[str, ...]
    rows: list[list[Any]]
    figures: list[Figure]
    pays: list[Figure]
    slices: Figure | None


def roles(world: World) -> Roles:
    columns, rows, shown = _summary(world)
    profiles = [_profile(world, "responsibility"), _profile(world, "skill")]
    return Roles(
        columns=columns,
        rows=rows,
        figures=[figure for figure in (*shown, *profiles) if figure],
        pays=_pays(world),
        slices=_slices(world),
    )


def _summary(world: World) -> tuple[tuple[str, ...], list[list[Any]], list[Figure]]:
    year = {row["role_id"]: row for row in world.fetch(YEAR, kind=world.kind, source=world.source)}
    if world.kind == "flow":
        counted = {role: int(year.get(role, {}).get("new_postings") or 0) for role in world.roles}
        rows: list[list[Any]] = [[label, counted[role]] for role, label in world.roles.items()]
        return world.words("role", "posts_12"), rows, [_ranking(world, counted, "posts_12")]
    now = {row["role_id"]: row for row in world.fetch(NOW)}
    days = {role: role_days_open(world.path, role, lang=world.lang) for role in world.roles}
    rows = [
        [
            label,
            now.get(role, {}).get("active_openings") or 0,
            now.get(role, {}).get("employers_hiring") or 0,
            int(year.get(role, {}).get("new_openings") or 0),
            number(days[role].lines["all"].median_days),
        ]
        for role, label in world.roles.items()
    ]
    counted = {role: row[1] for role, row in zip(world.roles, rows, strict=True)}
    shown = [_ranking(world, counted, "active")]
    if figure := _days(world, days):
        shown.append(figure)
    return world.words("role", "active", "employers", "new_12", "days_open"), rows, shown


def _ranking(world: World, counted: dict[str, int], column: str) -> Figure:
    ordered = sorted(counted.items(), key=lambda one: -one[1])
    points: Points = [{"label": world.roles[role], "value": count} for role, count in ordered]
    titles = (world.word("wanted_title"), world.word(f"roles_{world.kind}_sub"))
    cells = [[one["label"], one["value"]] for one in points]
    return world.ranking("roles", titles, ("role", column), cells, figures.ranks(points))


def _days(world: World, days: dict[str, RoleDaysOpen]) -> Figure | None:
    found = {role: one.lines["all"] for role, one in days.items()}
    found = {role: one for role, one in found.items() if one.median_days is not None}
    if not found:
        return None
    ends = [end for one in found.values() for end in (one.median_days, *one.median_interval)]
    edge = max(end for end in ends if end is not None and isfinite(end))
    points: Points = [
        {
            "label": world.roles[role],
            "series": world.word("median"),
            "value": one.median_days,
            "low": one.median_interval.low,
            "high": min(one.median_interval.high, edge),
            "is_context": False,
            "text": number(one.median_days),
        }
        for role, one in found.items()
    ]
    cells = [
        [world.roles[role], number(one.median_days), one.median_interval.text(0)]
        for role, one in found.items()
    ]
    titles = (world.word("days_title"), world.word("days_sub"))
    columns = ("role", "days_open", "interval")
    return world.ranking("days", titles, columns, cells, figures.dots(points, ",.0f"))


def _profile(world: World, concept: str) -> Figure | None:
    sql = PROFILES.format(lang=world.lang)
    values = {"kind": world.kind, "concept": concept, "least": MIN_EMPLOYERS}
    rows = world.fetch(sql, roles=list(world.roles), **values)
    size = {row["role_id"]: row["role_openings"] for row in rows}
    shown = {role: label for role, label in world.roles.items() if role in size}
    lead = next((role for role in FOCUS if role in size), None)
    if lead is None:
        return None
    by_concept: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_concept.setdefault(row["label"], {})[row["role_id"]] = row
    ordered = sorted(by_concept.items(), key=lambda one: -_share(one[1].get(lead)))[:MOST_CONCEPTS]
    points = [
        _dot(label, shown[role], found.get(role), is_context=role not in FOCUS)
        for label, found in ordered
        for role in shown
    ]
    heads = [f"{label} ({world.word('of_texts', count=size[role])})" for role, label in shown.items()]  # fmt: skip
    cells = [
        [label, *(percent(_share(found.get(role))) for role in shown)] for label, found in ordered
    ]
    titles = (world.word(f"{concept}_title"), world.word("profile_sub"))
    return world.ranking(concept, titles, ("concept", *shown), cells, figures.dots(points), (world.word("concept"), *heads))  # fmt: skip


def _share(row: dict[str, Any] | None) -> float:
    return row["share"] if row else 0.0


def _dot(label: str, series: str, row: dict[str, Any] | None, *, is_context: bool) -> dict[str, Any]:  # fmt: skip
    return {
        "label": label,
        "series": series,
        "value": _share(row),
        "low": row["share_low"] if row else None,
        "high": row["share_high"] if row else None,
        "is_context": is_context,
    }


def _slices(world: World) -> Figure | None:
    rows = world.fetch(SLICES.format(lang=world.lang), kind=world.kind, least=MIN_EMPLOYERS)
    names = {}
    for row in rows:
        key = row["country_code"] if row["country_code"] != "all" else row["language"]
        names[key] = f"{key} ({world.word('of_texts', count=row['role_openings'])})"
        row["slice"] = key
    if not names:
        return None
    keys = list(names)[:6]
    by_concept: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_concept.setdefault(row["label"], {})[row["slice"]] = row
    ordered = sorted(by_concept.items(), key=lambda one: -_share(one[1].get(keys[0])))
    ordered = ordered[:MOST_CONCEPTS]
    points = [
        _dot(label, names[key], found.get(key), is_context=index > 1)
        for label, found in ordered
        for index, key in enumerate(keys)
    ]
    cells = [[label, *(_with_interval(found.get(key)) for key in keys)] for label, found in ordered]
    titles = world.words("country_title", "country_sub")
    heads = (world.word("concept"), *(names[key] for key in keys))
    return world.ranking("slices", (titles[0], titles[1]), ("concept", *keys), cells, figures.dots(points), heads)  # fmt: skip


def _with_interval(row: dict[str, Any] | None) -> str:
    if row is None:
        return "0%"
    return f"{percent(row['share'])} ({percents(row['share_low'], row['share_high'])})"


def _pays(world: World) -> list[Figure]:
    """A figure for each of the currencies that most roles state; currencies are never converted."""
    rows = world.fetch(PAY, kind=world.kind, roles=list(world.roles))
    by_currency: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_currency.setdefault(row["salary_currency"], []).append(row)
    most = sorted(by_currency.items(), key=lambda one: -len(one[1]))[:MOST_CURRENCIES]
    return [_pay(world, currency, found) for currency, found in most]


def _pay(world: World, currency: str, rows: list[dict[str, Any]]) -> Figure:
    points: Points = [
        {
            "label": world.roles[row["role_id"]],
            "series": world.word("median"),
            "value": row["pay_median_year"],
            "low": row["pay_p25_year"],
            "high": row["pay_p75_year"],
            "is_context": False,
            "text": _money(world, row["pay_median_year"]),
        }
        for row in rows
    ]
    cells = [
        [world.roles[row["role_id"]], number(row["pay_median_year"]),
         f"{number(row['pay_p25_year'])}–{number(row['pay_p75_year'])}", row["employers"]]
        for row in rows
    ]  # fmt: skip
    titles = (world.word("pay_title", currency=currency), world.word("pay_sub"))
    columns = ("role", "median", "middle_half", "employers")
    return world.ranking(f"pay_{currency.lower()}", titles, columns, cells, figures.dots(points, "~s", TENS_OF_THOUSANDS if world.lang == "ja" else None))  # fmt: skip


def _money(world: World, value: float) -> str:
    return f"{value / 10_000:,.6g}万" if world.lang == "ja" else number(value)

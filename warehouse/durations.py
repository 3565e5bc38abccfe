"""How long the openings of a role stay open, with those that are still open (method 2.7)."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import orjson

from warehouse.periods import Language
from warehouse.query import open_published
from warehouse.render import Format, render
from warehouse.statistics import DaysOpen, Spell, days_open, littles_law_deviation
from warehouse.trend import find_role
from warehouse.workspace import Workspace

QUARTER_DAYS = 91
MOST_DEVIATION = 0.25  # of Little's law over a quarter, before the data are doubted

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "all": "all openings",
        "unflagged": "without stale, evergreen and often reposted ones",
        "not_reached": "not reached",
        "columns": "openings|counted|closed|median days|95 % CI|closed only",
        "method": "{label}, as of {as_of_date}. Kaplan-Meier: what is still open, or left with its "
        "board, counts as open so long; what was open when its board entered, from its known age on.",
        "closed_only": "The median of the closed ones alone is biased short, the mean age of the open "
        "ones ({age}) long.",
        "wide": "{share:.0%} of the closings are known to more than 2 days only.",
        "little": "Data-quality notice: over the last {days} days the mean stock of {stock:.1f} is "
        "{deviation:+.0%} off new per day times mean days open (Little's law).",
    },
    "ja": {
        "all": "すべての求人",
        "unflagged": "長期・常時募集・再掲載の多いものを除く",
        "not_reached": "到達せず",
        "columns": "求人|件数|終了|中央値(日)|95%信頼区間|終了分のみ",
        "method": "{label}、{as_of_date}現在。Kaplan-Meier法: 掲載中のもの、掲載元とともに離れたものは、"
        "そこまで掲載中とする。観測前からのものは、分かっている掲載日数から数える。",
        "closed_only": "終了分だけの中央値は短い側に、掲載中のものの平均日数({age})は長い側に偏る。",
        "wide": "終了の{share:.0%}は、終了日が2日より広い幅でしか分からない。",
        "little": "データ品質の注意: 直近{days}日の平均掲載数{stock:.1f}件は、1日の新規×平均日数から"
        "{deviation:+.0%}ずれている(リトルの法則)。",
    },
}


@dataclass(frozen=True, slots=True)
class RoleDaysOpen:
    """Two lines: all openings, and without those that hardly say that anybody is wanted now."""

    role_id: str
    lang: Language
    as_of_date: date
    lines: dict[str, DaysOpen]
    notes: tuple[str, ...]

    def render(self, form: Format = "table") -> str:
        if form == "json":
            return orjson.dumps(self, default=list, option=orjson.OPT_INDENT_2).decode() + "\n"
        words = WORDS[self.lang]
        if form == "csv":
            columns = ("line", "openings", "closed", "median_days", "low", "high", "closed_only")
            return render([_values(name, one) for name, one in self.lines.items()], columns, form)
        rows = [_cells(words, name, one) for name, one in self.lines.items()]
        table = render(rows, words["columns"].split("|"))
        return table + "".join(f"\n{note}" for note in self.notes) + "\n"


def _values(name: str, one: DaysOpen) -> list[object]:
    counts = [one.spells, one.closed, one.median_days]
    return [name, *counts, *one.median_interval, one.closed_only_median_days]


def _cells(words: dict[str, str], name: str, one: DaysOpen) -> list[object]:
    median = words["not_reached"] if one.median_days is None else f"{one.median_days:g}"
    closed_only = one.closed_only_median_days
    counts = [words[name], one.spells, one.closed, median, one.median_interval.text(1)]
    return [*counts, "" if closed_only is None else f"{closed_only:g}"]


def role_days_open(where: Workspace | Path, role: str, *, lang: Language = "en") -> RoleDaysOpen:
    """
    Return how long the openings of a role stay open, on the boards with a stock.

    Raises UnknownNameError for a role that the file doesn't hold, NotPublishedError if there is no
    file.
    """
    path = where.warehouse if isinstance(where, Workspace) else where
    with open_published(path) as connection:
        role_id, *labels = find_role(connection, role)
        as_of_date = connection.execute("select as_of_date from about").fetchall()[0][0]
        rows = connection.execute(SPELLS, {"role": role_id}).fetchall()
        lines = {
            "all": days_open(Spell(*row[:4]) for row in rows),
            "unflagged": days_open(Spell(*row[:4]) for row in rows if not row[4]),
        }
        little = _little(connection, role_id, lines["all"])
    words, whole = WORDS[lang], lines["all"]
    age = whole.mean_open_age_days
    notes = [
        words["method"].format(label=labels[lang == "ja"], as_of_date=as_of_date),
        words["closed_only"].format(age="-" if age is None else f"{age:.0f}"),
        words["wide"].format(share=whole.wide_share),
    ]
    if little and abs(little[1]) > MOST_DEVIATION:
        notes.append(
            words["little"].format(days=QUARTER_DAYS, stock=little[0], deviation=little[1])
        )
    return RoleDaysOpen(role_id, lang, as_of_date, lines, tuple(notes))


def _little(
    connection: duckdb.DuckDBPyConnection, role_id: str, found: DaysOpen
) -> tuple[float, float] | None:
    """The mean stock of the last quarter and how far Little's law is off; None if it can't be told."""
    stock, new, days = connection.execute(
        QUARTER, {"role": role_id, "days": QUARTER_DAYS}
    ).fetchall()[0]
    if days < QUARTER_DAYS or not new or not found.mean_days:
        return None
    return stock, littles_law_deviation(stock, new / days, found.mean_days)


SPELLS = "select age_days, is_closed, entry_days, width_days, is_flagged from days_open($role)"
QUARTER = """
    select
        coalesce(avg(active_openings), 0),
        coalesce(sum(new_openings + reopened_openings), 0),
        count(*)
    from role_demand_daily
    where role_id = $role and source = 'all' and country_code = 'all'
        and day > (select as_of_date from about) - cast($days as integer)
"""

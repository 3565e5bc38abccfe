"""Titles → roles: hits and near misses, flags, and evidence that stands where it says."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction import TitleReading
from pipeline.roles import read_title
from taxonomy.load import HERE

GOLD = list(csv.DictReader(io.StringIO((HERE / "gold" / "titles.csv").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["title"])
def test_our_own_labelled_titles(row: dict[str, str]):
    reading = read_title(row["title"], row["employer"])
    assert set(reading.roles) == set(row["roles"].split("|"))
    assert (reading.is_grade, reading.is_candidate) == (
        bool(row["is_grade"]),
        bool(row["is_candidate"]),
    )


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("Head of Engineering / CTO", ("head_of_engineering", "cto")),
        ("CTO / 技術責任者", ("cto", "head_of_engineering")),
        ("VP of Product and Engineering", ("vp_product", "vp_engineering")),
        (
            "プロダクトマネージャー／エンジニアリングマネージャー",
            ("product_manager", "engineering_manager"),
        ),
        ("Engineering Manager (Tech Lead)", ("engineering_manager", "tech_lead")),
    ],
)
def test_several_roles_stand_in_the_order_of_the_title(title: str, roles: tuple[str, ...]):
    assert read_title(title).roles == roles


@pytest.mark.parametrize(
    ("title", "is_grade", "roles"),
    [
        ("Vice President, Java Developer", True, ("software_engineer",)),
        ("VP, Engineering", False, ("vp_engineering",)),
        ("VP of Engineering, Asset Management", False, ("vp_engineering",)),
        ("Asset Management - Vice President - Software Engineering", True, ("software_engineer",)),
        ("Software Engineer, Virginia", False, ("software_engineer",)),
        ("Head of Sales (VP)", False, ("other",)),
    ],
)
def test_a_grade_makes_no_leadership_role(title: str, is_grade: bool, roles: tuple[str, ...]):
    reading = read_title(title)
    assert (reading.is_grade, reading.roles) == (is_grade, roles)


@pytest.mark.parametrize(
    ("employer", "roles", "is_grade"),
    [
        ("Harbourline Bank", ("software_engineer",), True),
        ("Acme | level: Vice President", ("software_engineer",), True),
        ("架空証券株式会社", ("software_engineer",), True),
        ("Brightcart", ("vp_engineering",), False),
        ("", ("vp_engineering",), False),
        ("Riverbanking Software", ("vp_engineering",), False),
    ],
)
def test_the_employer_decides_only_the_grade(employer: str, roles: tuple[str, ...], is_grade: bool):
    reading = read_title("Vice President, Software Engineering", employer)
    assert (reading.roles, reading.is_grade) == (roles, is_grade)


@pytest.mark.parametrize(
    "title",
    [
        "Directory Services Factory Contractor",
        "Business Development Manager, Developer Tools",
        "VP, Engagement Strategy",
        "Corporate Services: Head of Facilities Engineering",
        "Executive Assistant to CTO and Head of Engineering",
        "Sales Development Representative",
        "Product Marketing Manager, Engineering Tools",
        "Emergency Medicine (EM) Physician",
        "Night Shift Supervisor, 7 PM",
        "Técnico em Segurança do Trabalho",
        "満室想定年収810万円 不動産開発部長",
        "人材開発部長",
        "リード獲得マーケター",
    ],
)
def test_near_misses_are_other(title: str):
    assert read_title(title).roles == ("other",)


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("Vice Presdient of Enginering", ("vp_engineering",)),
        ("Software Engineer (Associate / VP)", ("software_engineer",)),
        ("R-10293 VP Engineering", ("vp_engineering",)),
        ("Director of Engineering, Gearboxes", ("other",)),
        ("Director of Software Engineering, Gearboxes", ("director_engineering",)),
        ("Systems Engineer, Avionics", ("other_engineer",)),
        ("Systems Engineer - Linux", ("sre",)),
        ("Engenheiro de Planejamento", ("other_engineer",)),
        ("Engenheiro de Dados", ("data_engineer",)),
        ("Recruiter, VP of Engineering searches", ("other",)),
        ("施設開発部長", ("other",)),
        ("第二開発部長", ("director_engineering",)),
        ("VPoEメンタリング付き！エンジニア", ("software_engineer",)),
        ("VPoE募集", ("vp_engineering",)),
        ("VPoEとして組織を率いる", ("vp_engineering",)),
        ("VPoEとともに働くSRE", ("sre",)),
        ("エンジニア30名の組織をリードするVPoE", ("vp_engineering",)),
    ],
)
def test_rules_that_no_row_lists(title: str, roles: tuple[str, ...]):
    assert read_title(title).roles == roles


def test_an_employer_vetoes_less_than_a_title():
    assert read_title("Engineering Manager", "acmepharmaceuticals").roles == ("other",)
    assert read_title("Engineering Manager, Data", "acmepharmaceuticals").roles == (
        "engineering_manager",
    )
    assert read_title("Engineering Manager", "Gearboxes Inc").roles == ("engineering_manager",)


@pytest.mark.parametrize(
    ("title", "text", "role"),
    [
        ("　ＶＰｏＥ（名古屋）", "ＶＰｏＥ", "vp_engineering"),
        ("TECH-501- Engineering Manager - Acme", "Engineering Manager", "engineering_manager"),
        ("🚀 VP\u200b of Engineering 🚀", "VP\u200b of Engineering", "vp_engineering"),
        ("【急募】開発ﾏﾈｰｼﾞｬｰ", "開発ﾏﾈｰｼﾞｬｰ", "engineering_manager"),
        (
            "Senior Director, Software Engineering - Ads",
            "Senior Director, Software Engineering",
            "director_engineering",
        ),
    ],
)
def test_spans_point_into_the_original(title: str, text: str, role: str):
    reading = read_title(title)
    assert reading.roles == (role,)
    assert [span.text for span in reading.spans] == [text]


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "\x00\u200b",
        "．",
        "🚀",
        "a" * 5000,
        "VP of " * 500,
        "(((((" * 200,
        "CTO\ud800",
        "\u202eOTC",
    ],
)
def test_hostile_titles_stay_data(title: str):
    assert_evidence(title, read_title(title))


def test_a_title_that_says_nothing_has_no_role():
    assert read_title(" \u200b ") == TitleReading()


WORDS = st.sampled_from(
    [
        "VP",
        "of",
        "Head",
        "Director",
        "Engineering",
        "Software",
        "Manager",
        "Lead",
        "CTO",
        "VPoE",
        "Sales",
        "Engineer",
        "Product",
        "and",
        "/",
        "(",
        ")",
        "-",
        "・",
        "候補",
        "開発",
        "部長",
        "マネージャー",
        "ﾏﾈｰｼﾞｬ",
        "エンジニア",
        "【",
        "】",
        "室",
        "Ａ",
        "\u200b",
        "é",
        "ß",
        "ﬁ",
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12), st.sampled_from(["", " "]))
def test_evidence_always_stands_where_it_says(words: list[str], joint: str):
    title = joint.join(words)
    assert_evidence(title, read_title(title))


def assert_evidence(title: str, reading: TitleReading) -> None:
    assert len(reading.spans) == len(reading.roles) == len(set(reading.roles))
    for span in reading.spans:
        assert title[span.start : span.end] == span.text
        assert span.text

"""Leadership roles in running text and their kinds. All sentences are invented."""

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.mentions
from pipeline.extraction import Posting, RoleMention
from pipeline.extractor import Extractor
from pipeline.mention_names import find_names
from pipeline.mentions import LEADERSHIP_ROLES, find_mentions, offered_roles
from pipeline.scoring.mentions import score
from pipeline.text import fold
from taxonomy.rows import TaxonomyError

GOLD = Path(__file__).parents[1] / "taxonomy" / "gold" / "mentions.jsonl"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("VP of Engineering", [("VP of Engineering", "vp_engineering")]),
        ("V.P. Eng", [("V.P. Eng", "vp_engineering")]),
        ("a VPE or VPoE", [("VPE", "vp_engineering"), ("VPoE", "vp_engineering")]),
        ("SVP, Platform Engineering", [("SVP, Platform Engineering", "vp_engineering")]),
        ("VP – Software Development", [("VP – Software Development", "vp_engineering")]),
        ("Vice-President of R&D", [("Vice-President of R&D", "vp_technology")]),
        ("VP Data", [("VP Data", "vp_technology")]),
        ("VP, Product Management", [("VP, Product Management", "vp_product")]),
        (
            "VP of Product and Engineering",
            [
                ("VP of Product", "vp_product"),
                ("VP of Product and Engineering", "vp_engineering"),
            ],
        ),
        (
            "Director / VP of Engineering",
            [
                ("Director / VP of Engineering", "director_engineering"),
                ("VP of Engineering", "vp_engineering"),
            ],
        ),
        ("Head of Tech", [("Head of Tech", "head_of_engineering")]),
        ("Sr. Director of Wind Engineering", []),  # an unknown field is no guess
        ("Head of SRE", [("Head of SRE", "head_of_engineering")]),
        ("Director, Frontend", [("Director, Frontend", "director_engineering")]),
        ("VP of Product Development", [("VP of Product Development", "vp_product")]),
        ("VP Infrastructure", [("VP Infrastructure", "vp_technology")]),
        ("Director of Infrastructure", [("Director of Infrastructure", "director_engineering")]),
        (
            "Sr. Director, Site Reliability Engineering",
            [("Sr. Director, Site Reliability Engineering", "director_engineering")],
        ),
        ("Engineering Director", [("Engineering Director", "director_engineering")]),
        ("chief technology officer", [("chief technology officer", "cto")]),
        ("CTOs", [("CTOs", "cto")]),
        ("Chief Product Officer (CPO)", [("Chief Product Officer", "cpo"), ("CPO", "cpo")]),
        ("ＣＴＯや開発本部長", [("ＣＴＯ", "cto"), ("開発本部長", "head_of_engineering")]),
        ("最高技術責任者", [("最高技術責任者", "cto")]),
        ("開発部門の責任者", [("開発部門の責任者", "head_of_engineering")]),
        ("システム開発部長", [("システム開発部長", "director_engineering")]),
        # near misses
        ("VP of Sales Engineering, Director of Sales, VP of Engagement", []),
        ("Director, Engineering Manager", []),
        ("VP of Product Marketing, VP of Product Design", []),
        ("Head of Engineering Recruiting", []),
        ("the CTO organization, the CTO tower, Director, Technology Portfolio Management", []),
        ("Field CTO, Office of the CTO, the CTO's office, CTO室", []),
        ("Art Director / Engineering", []),
        ("事業開発責任者、不動産開発部長、組織開発部長", []),
        ("https://jobs.example.com/vp-of-engineering, cto@example.com", []),
        ("doctors, October, expo, factors", []),
        ("VP level, vice versa, ahead of engineering", []),
    ],
)
def test_names(text, names):
    found = [(text[n.start : n.end], n.role_id) for n in find_names(fold(text))]
    assert found == names


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        # a header, a list, an offer
        ("Acme | VP of Engineering | Rome\n\nWe bake.", ["hires_for"]),
        ("Acme - Rome - Lead Developer / CTO\n\nWe bake.", ["hires_for"]),
        ("We bake.\n\nRoles:\n- CTO (Rome)\n- Baker", ["hires_for"]),
        ("We bake.\n\n2) VP Engineering -- builds the team\n3) Baker", ["hires_for"]),
        ("We're looking for a great, hands-on VP of Engineering.", ["hires_for"]),
        ("We bake. We seek bakers, drivers and a CTO.", ["hires_for"]),
        ("We bake. You will be our first CTO.", ["hires_for"]),
        ("Fill in the form for the VP Engineering role.", ["hires_for"]),
        ("As our CTO you own the ovens.", ["hires_for"]),
        # the offered role again, in prose
        ("Acme | CTO | Rome\n\nOn good days the CTO bakes.", ["hires_for", "hires_for"]),
        ("Acme | Baker | Rome\n\nOn good days the CTO bakes.", ["background"]),
        # who posts
        ("We bake.\n\nI'm the CTO and happy to help.", ["author"]),
        ("Acme | Baker | Rome\n\nHi all, Jo here, CTO of Acme.", ["author"]),
        ("Acme | Baker | Rome\n\nWe bake.\n\nBest,\nJo Doe\nVP of Engineering", ["author"]),
        ("Acme | Baker | Rome\n\nWe bake.\n\nJo Doe, VP Engineering", ["author"]),
        ("Acme | Baker | Rome\n\nWrite to me (Jo, CTO).", ["author"]),
        ("We bake. Email our CTO with questions.", ["author"]),
        ("I'm looking for a CTO to bake with.", ["hires_for"]),
        # who else
        ("You report directly to the CTO.", ["reports_to"]),
        ("Work under our VP of Engineering.", ["reports_to"]),
        ("We hire an assistant to the CTO.", ["reports_to"]),
        ("You'll work closely with our co-founder and CTO.", ["works_with"]),
        ("The last step is an interview with our CTO.", ["process"]),
        ("Jo was VP Eng at a mill.", ["background"]),
        ("Our former CTO left.", ["background"]),
        ("This job can grow into a VP of Engineering position.", ["background"]),
        ("You have been a CTO or a VP of Engineering.", ["background", "background"]),
        ("5 years of VP Engineering experience.", ["background"]),
        ("We are not looking for a CTO.", ["background"]),
        ("We recently hired Jo Doe as CTO.", ["background"]),
        # Japanese
        ("CTO候補を募集しています。", ["hires_for"]),
        ("VPoEとして開発組織を率いていただきます。", ["hires_for"]),
        ("ポジション：開発責任者", ["hires_for"]),
        ("CTO直下のチームです。", ["reports_to"]),
        ("VPoEの右腕を募集します。", ["reports_to"]),
        ("上長：CTO", ["reports_to"]),
        ("最終面接（CTO）", ["process"]),
        ("CTOと協働して進めます。", ["works_with"]),
        ("CTOの経験がある方", ["background"]),
        ("前CTOの退任にともなう募集です。", ["background"]),
        ("はじめまして、VPoEの小野です。", ["author"]),
    ],
)
def test_kinds(text, kinds):
    assert [mention.kind for mention in find_mentions(text)] == kinds


def test_title_roles_are_what_prose_means():
    text = "The VP of Engineering plans the budget; the CTO stays close to technology."
    mentions = find_mentions(text, ("vp_engineering",), "VP of Engineering")
    assert [mention.kind for mention in mentions] == ["hires_for", "works_with"]
    assert [m.kind for m in find_mentions(text)] == ["background", "background"]


def test_offered_roles():
    mentions = find_mentions("Roles:\n- VP of Product\n- CTO\n\nYou report to the VP Engineering.")
    assert offered_roles(mentions) == ("cto", "vp_product")
    assert offered_roles(mentions, ("software_engineer",)) == ()  # the title decides
    assert offered_roles((), ("tech_lead", "vp_engineering")) == ("vp_engineering",)
    assert offered_roles(()) == ()


# Known to be read wrong: a name in apposition.
MISREAD = {"gm133"}


def test_gold_is_read_but_for_known_misses(tmp_path):
    result = score(tmp_path)
    assert {miss.case_id for miss in result.misses} == MISREAD
    assert len(result.skipped) == 2
    assert {m["kind"] for line in _gold() for m in line["mentions"]} == {
        "hires_for",
        "reports_to",
        "author",
        "process",
        "works_with",
        "background",
    }


def _gold():
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


@given(
    st.lists(
        st.sampled_from(["VP ", "of ", "Engineering", "CTO", ", ", "\n", "(", " | ", "に", "I'm "])
    )
)
@settings(deadline=None)
def test_any_text_gives_mentions_that_stand_in_it(parts):
    text = "".join(parts)
    for mention in find_mentions(text):
        assert text[mention.start : mention.end] == mention.text
        assert mention.role_id in LEADERSHIP_ROLES


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CTO " * 1500, 1500),
        ("a" * 50_000 + " CTO", 1),
        ("CTO\n" + " " * 50_000, 1),
        ("sr. " * 5000 + "director", 0),
        ("director/" * 3000, 0),
        ("and our co-founder " * 500 + "CTO", 1),
        ("開発" * 5000 + "責任者", 1),
    ],
)
def test_hostile_text_is_data(text, count):
    assert len(find_mentions(text)) == count


def test_real_posts_offsets_and_floor(shared):
    path = shared / "data/hn_who_is_hiring/posts.parquet"
    query = "select text from read_parquet(?) where text ilike '%cto%' using sample 300"
    for (text,) in duckdb.execute(query, [str(path)]).fetchall():
        for mention in find_mentions(text):
            assert isinstance(mention, RoleMention)
            assert text[mention.start : mention.end] == mention.text

    tables = {table.name: table for table in score(shared / "labels").tables}
    scores = {item.label: item for item in tables["mentions, Hacker News posts"].scores}
    assert scores["texts with exactly the right offered roles"].recall >= 0.95
    assert scores["vp_engineering"].f1 >= 0.96
    assert scores["kind of the mentions found"].recall >= 0.93


def test_a_broken_pattern_names_its_line(tmp_path, monkeypatch):
    here = Path(pipeline.mentions.HERE)
    words = (here / "mention_words.csv").read_text(encoding="utf-8")
    (tmp_path / "mention_words.csv").write_text(words, encoding="utf-8")
    (tmp_path / "mention_cues.csv").write_text(
        "kind,lang,side,pattern,note\nauthor,en,before,i am (,\n", encoding="utf-8"
    )
    monkeypatch.setattr(pipeline.mentions, "HERE", tmp_path)
    pipeline.mentions._grammar.cache_clear()
    try:
        with pytest.raises(TaxonomyError, match=r"mention_cues\.csv line 2: \"i am \(\""):
            pipeline.mentions._grammar()
    finally:
        pipeline.mentions._grammar.cache_clear()


@pytest.mark.parametrize(
    ("source", "offered"), [("hackernews", ("vp_engineering",)), ("lever", ())]
)
def test_a_thread_s_header_is_no_title(source, offered):
    header = "Acme | Senior Backend Engineer | Rome"
    posting = Posting(title=header, text=f"{header}\n\nRoles:\n- VP of Engineering", source=source)
    assert Extractor().extract(posting).hires_for == offered

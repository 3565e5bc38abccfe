"""The pipeline that binds all extractors: composition, offsets, languages, processes."""

import json
import subprocess
import sys
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extraction import Extraction, Posting, Span
from pipeline.extractor import (
    EXTRACTOR_VERSION,
    Extractor,
    load_pipeline,
    read,
    sources_read,
)
from tests.conftest import ROOT

# Invented postings.
ENGLISH = Posting(
    title="VP of Engineering (Remote, US)",
    text=(
        "Acme ships boats.\n\nYou will lead our 45-person engineering organisation and report to "
        "the CTO.\n- Hire and coach managers\n- Python, Go and AWS\n\nFull-time, remote anywhere in "
        "the United States\n$250,000–$295,000 base plus equity"
    ),
)
JAPANESE = Posting(
    title="VPoE候補（物流SaaS）",
    text=(
        "エンジニアは現在42名です。VPoEの候補を募集します。\n・採用と育成\n・Goの開発経験\n"
        "年収1,500万円〜2,000万円\n雇用形態：正社員\n勤務地：東京都品川区（週3日出社）\nレポートライン：CTO"
    ),
)
TITLE_ONLY = Posting(title="Software Engineer, Vice President", employer="Goldman Sachs")
HEADER_ONLY = Posting(text="Acme | CTO | Berlin, Germany | ONSITE | €120k-€150k\n\nWe bake bread.")
POSTINGS = [ENGLISH, JAPANESE, TITLE_ONLY, HEADER_ONLY, Posting()]


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


def spans_of(extraction):
    single = [extraction.location_span, extraction.remote_span, extraction.employment_type_span]
    salary = [extraction.salary.span] if extraction.salary else []
    several = (
        extraction.title.spans,
        extraction.mentions,
        extraction.skills,
        extraction.responsibilities,
        extraction.reports_to_spans,
        [extraction.team_size_span],
        single,
        salary,
    )
    return [span for span in chain(*several) if span is not None]


def assert_spans_quote(posting, extraction):
    for span in spans_of(extraction):
        source = posting.title if span.field == "title" else posting.text
        assert source[span.start : span.end] == span.text


def test_english_posting(extractor):
    said = extractor.extract(ENGLISH)
    assert (said.language, said.title.roles, said.hires_for) == (
        "en",
        ("vp_engineering",),
        ("vp_engineering",),
    )
    assert (said.salary.min, said.salary.max, said.salary.currency) == (250_000, 295_000, "USD")
    assert (said.location, said.country_code, said.is_remote) == ("United States", "US", True)
    assert (said.employment_type, said.reports_to, said.team_size) == (
        "FULL_TIME",
        ("cto",),
        (45, 45),
    )
    assert {one.skill_id for one in said.skills} >= {"python", "go", "aws"}
    assert "hiring" in {one.responsibility_id for one in said.responsibilities}
    assert_spans_quote(ENGLISH, said)


def test_japanese_posting(extractor):
    said = extractor.extract(JAPANESE)
    assert (said.language, said.title.roles, said.title.is_candidate) == (
        "ja",
        ("vp_engineering",),
        True,
    )
    assert (said.salary.min, said.salary.max, said.salary.currency) == (15e6, 20e6, "JPY")
    assert (said.location, said.country_code, said.is_remote) == ("東京都品川区", "JP", False)
    assert (said.employment_type, said.reports_to, said.team_size) == (
        "FULL_TIME",
        ("cto",),
        (42, 42),
    )
    assert_spans_quote(JAPANESE, said)


def test_partial_postings(extractor):
    grade = extractor.extract(TITLE_ONLY)
    assert (grade.title.roles, grade.title.is_grade) == (("software_engineer",), True)
    header = extractor.extract(HEADER_ONLY)
    assert (header.title.roles, header.hires_for, header.location) == (
        (),
        ("cto",),
        "Berlin, Germany",
    )
    assert extractor.extract(Posting()) == Extraction(language="und")


def test_fields_of_the_source_come_first(extractor):
    stated = ENGLISH.model_copy(
        update={"location_text": "Tokyo, Japan", "employment_type_text": "Contract"}
    )
    said = extractor.extract(stated)
    assert (said.location, said.country_code, said.location_span) == ("Tokyo, Japan", "JP", None)
    assert said.employment_type == "CONTRACTOR"
    assert said.is_remote is True
    empty = Posting(title="Engineer", location_text="Remote - US", employment_type_text="OTHER")
    said = extractor.extract(empty)
    assert (said.is_remote, said.country_code, said.employment_type) == (True, "US", None)


def test_an_assistant_has_no_team(extractor):
    said = extractor.extract(
        Posting(title="Assistant to the VP of Engineering", text="We have 130 engineers.")
    )
    assert (said.title.roles, said.team_size) == (("other",), None)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_pipeline_is_assembled_from_the_config(lang):
    nlp = load_pipeline(lang)
    assert nlp.lang == lang
    analysis = nlp.analyze_pipes()
    assert not any(analysis["problems"].values())
    assert all(part["assigns"] for part in analysis["summary"].values())
    assert all(nlp.get_pipe_meta(name).factory == f"vpoe_{name}" for name in nlp.pipe_names)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("scope", ["named", "all"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n a  b\n",
        "Hello\tCTO\r\n x ",
        "VPoE候補を募集。\n\n東京　都心 \n",
        "𠮷野家のCTO 👩‍👩‍👧 ｶﾞ",
        "あ" * 30_000 + "\nVPoEを募集",
    ],
)
def test_tokens_are_the_text(lang, scope, text):
    assert load_pipeline(lang, scope).make_doc(text).text == text


def test_texts_over_sudachis_limit(extractor):
    long = Posting(
        title="VPoE", text="組織の話をします。" * 8_000 + "VPoEを募集します。年収1,000万円"
    )
    assert len(long.text.encode()) > 200_000
    said = extractor.extract(long)
    assert [one.role_id for one in said.mentions] == ["vp_engineering"]
    assert said.salary.min == 10_000_000


def test_token_spans_carry_the_evidence():
    doc = read(load_pipeline("ja"), JAPANESE)
    assert [(span.text, span.label_) for span in doc.spans["mentions"]] == [
        ("VPoE", "vp_engineering"),
        ("CTO", "cto"),
    ]
    everything = read(load_pipeline("en", "all"), ENGLISH)
    assert [span.text for span in everything.spans["skills"]][:3] == ["Python", "Go", "AWS"]


def test_scope_changes_no_extraction():
    assert [Extractor(scope="all").extract(one) for one in POSTINGS] == [
        Extractor().extract(one) for one in POSTINGS
    ]


def test_several_processes_keep_the_order():
    postings = [one.model_copy(update={"employer": str(n)}) for n in range(150) for one in POSTINGS]
    extractor = Extractor()
    assert list(extractor.extract_many(postings, workers=2)) == list(
        extractor.extract_many(postings)
    )


def test_words_do_not_pile_up(extractor):
    extractor.extract(ENGLISH)
    strings = load_pipeline("en").vocab.strings
    before = len(strings)
    list(extractor.extract_many(Posting(text=f"CTO wanted by acme{n}") for n in range(300)))
    assert len(strings) == before


def test_the_version_covers_every_module_that_is_read():
    code = (
        "import sys, pipeline.rows\n"
        "ours = ('pipeline.', 'taxonomy.')\n"
        "print(*sorted(name for name in sys.modules if name.startswith(ours)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == sorted(sources_read())
    assert {"pipeline.rows", "pipeline.fingerprint", "pipeline.skills"} <= sources_read().keys()
    assert len(EXTRACTOR_VERSION) == 12


PIECES = [
    "\n    VP of Engineering",
    "CTO",
    "$120k–$150k",
    "年収",
    "万円",
    "勤務地：",
    "東京都",
    "Remote",
    ", CA",
    "(",
    ")",
    "レポート",
    "report to the\n    ",
    "team of ",
    "12名",
    "0",
    ",",
    ".",
    "−",
    "Ｇｏ",
    "intern",
    "業務委託",
    "from",
    "～",
    "\t\n",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(PIECES),
        ),
        max_size=25,
    )
)
def test_any_text_is_read_and_every_span_quotes(parts):
    posting = Posting(title="".join(parts[:3]), text="".join(parts))
    assert_spans_quote(posting, Extractor().extract(posting))


def test_whole_postings(extractor, shared):
    lines = (shared / "labels/postings_dev.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for row in map(json.loads, lines):
        said = extractor.extract(Posting(title=row["title"], text=row["text"]))
        salary = said.salary and said.salary.model_dump(exclude={"span"})
        fields = {
            "salary": salary,
            "location": said.location,
            "is_remote": said.is_remote,
            "employment_type": said.employment_type,
            "team_size": said.team_size and list(said.team_size),
        }
        wrong += [(row["id"], name) for name, value in fields.items() if value != row[name]]
    assert wrong == []


def test_spans_are_records():
    assert all(isinstance(span, Span) for span in spans_of(Extractor().extract(ENGLISH)))

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.responsibilities import (
    CueRow,
    ResponsibilityReader,
    find_responsibilities,
    load_cues,
    responsibilities_of,
)
from taxonomy.load import HERE, load_responsibilities
from taxonomy.rows import TaxonomyError

STATES = [
    ("Hire two engineers this year and coach the team leads.", {"hiring", "people_development"}),
    ("Own the engineering budget and report to the board.", {"executive_alignment"}),
    ("Decide which frameworks we standardise on.", {"technical_strategy"}),
    ("Write code in Go and review pull requests.", {"hands_on_coding"}),
    ("Set priorities with design and sales.",
     {"cross_functional_collaboration", "delivery_management"}),
    ("Five years of experience leading engineering teams.", {"people_management"}),
    ("You stay calm and find the cause when things break.", {"problem_solving"}),
    ("採用計画を立て、メンバーを育成する", {"hiring", "people_development"}),
    ("経営会議で開発予算を説明する", {"executive_alignment"}),
    ("10名以上のチームを率いた経験", {"people_management"}),
    ("Webサービスの開発経験（言語は問いません）", {"engineering_background"}),
]  # fmt: skip
STATES_NOTHING = [
    "You won't write code in this role.",
    "There are no hiring responsibilities.",
    "Performance reviews are run by HR.",
    "コードを書いていただくことは想定していません",
    "マネジメント経験は不要です",
    "評価は人事部が担当します",
    "We raised a Series B last year and our engineers ship daily.",
    "A training budget of 2,000 euros for every engineer.",
    "Competitive salary, health insurance and a pension.",
    "書類選考の後、面接を2回行います",
    "年収800万円〜1,200万円",
    "技術選定は各チームに任されています",
    "当社の開発チームは15名です。",
]


@pytest.mark.parametrize(("text", "expected"), STATES)
def test_duties_and_skills(text: str, expected: set[str]) -> None:
    assert set(responsibilities_of(text)) == expected


@pytest.mark.parametrize("text", STATES_NOTHING)
def test_negations_benefits_and_the_company_state_nothing(text: str) -> None:
    assert responsibilities_of(text) == ()


def test_order_is_that_of_the_text() -> None:
    assert responsibilities_of("Coach engineers and hire new ones.") == (
        "people_development",
        "hiring",
    )


def test_a_negation_ends_with_its_clause() -> None:
    assert responsibilities_of("You will not code; you hire engineers.") == ("hiring",)
    assert responsibilities_of("コードは書きません。採用を担います。") == ("hiring",)
    text = "実装は各チームに任せ、組織づくりを担っていただきます"
    assert responsibilities_of(text) == ("team_building",)


def test_headings_say_what_counts() -> None:
    text = (
        "About Example\nCoach engineers all day.\n"
        "What you will do\n- Hire engineers\n"
        "Benefits\n- Coaching and training for you\n"
    )
    found = [(one.text, one.responsibility_id) for one in find_responsibilities(text)]
    assert found == [("Hire engineers", "hiring")]
    text = "Coach the team\nHire engineers for our offices\n"  # no headings
    assert len(find_responsibilities(text)) == 2
    text = "■待遇\n・研修の支援\n■業務内容\n・エンジニアの採用\n"
    assert [one.text for one in find_responsibilities(text)] == ["エンジニアの採用"]


def row(cue: str, **changes: str) -> CueRow:
    cells = {"lang": "en", "effect": "states", "responsibility_id": "hiring", "cue": cue, **changes}
    return CueRow.model_validate({"line": 2, **cells})


CUES = [
    ("hire*", "rehired and hiring", False),
    ("hire*", "she hires people", True),
    ("own + budget", "the budget that you own", True),
    ("grow > team*", "grow the teams", True),
    ("grow > team*", "the teams grow", False),
    ("code + !dress code", "no dress code", False),
    ("^our", "our people", True),
    ("^our", "it is our people", False),
    ("採用です。", "仕事は採用です", True),
    ("採用です。", "採用ですから", False),
    ("c++", "write C++ daily", True),
]


@pytest.mark.parametrize(("cue", "text", "is_stated"), CUES)
def test_notation_of_cues(cue: str, text: str, is_stated: bool) -> None:
    found = list(ResponsibilityReader([row(cue)]).read(text))
    assert bool(found) is is_stated


def test_a_cue_with_an_empty_part_is_refused() -> None:
    with pytest.raises(TaxonomyError, match=r'line 2: "own\|" has an empty part'):
        ResponsibilityReader([row("own|")])


def test_named_words_are_written_out_and_must_exist(tmp_path: Path) -> None:
    for file in HERE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert not any("@" in cue.cue for cue in load_cues(tmp_path))
    (tmp_path / "responsibility_words.csv").write_text("name,words\nteams,team|squad\n")
    with pytest.raises(TaxonomyError, match=r"responsibility_cues.csv line \d+: \"@people\""):
        load_cues(tmp_path)


def test_a_long_line_of_cues_is_read_in_linear_time() -> None:
    assert responsibilities_of("grow the team, " * 50_000) == ("team_building",)


def test_each_responsibility_has_cues_in_both_languages() -> None:
    covered = {(cue.lang, cue.responsibility_id) for cue in load_cues()}
    ids = [one.responsibility_id for one in load_responsibilities()]
    assert [(lang, one) for lang in ("en", "ja") for one in ids if (lang, one) not in covered] == []


PIECES = ["Hire", "採用", "。", ". ", "\n", "・", "- ", " engineers", "を担う", "İ", "Ｈire"]


@given(st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=30).map("".join))
def test_offsets_refer_to_the_text_as_given(text: str) -> None:
    assert all(text[one.start : one.end] == one.text for one in find_responsibilities(text))

from pathlib import Path

import pytest

from pipeline.likeness import Likeness, SentenceRow, load_likeness
from pipeline.responsibilities import CueRow, ResponsibilityReader
from taxonomy.load import HERE
from taxonomy.rows import TaxonomyError

LABELLED = [
    ("en", "Hire engineers.", "hiring"),
    ("en", "Hire two developers.", "hiring"),
    ("en", "Interview and hire developers.", "hiring"),
    ("en", "Write code every day.", "hands_on_coding"),
    ("en", "Write tests and code.", "hands_on_coding"),
    ("en", "We sell shoes.", ""),
    ("en", "We sell shoes and bags.", ""),
    ("ja", "エンジニアを採用する", "hiring"),
    ("ja", "開発者を採用する", "hiring"),
    ("ja", "コードを書く", "hands_on_coding"),
    ("ja", "毎日コードを書く", "hands_on_coding"),
]


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(
        SentenceRow(line=2, id="", lang=lang, role_id="", text=text, labels=labels)  # type: ignore[arg-type]
        for lang, text, labels in LABELLED
    )


@pytest.mark.parametrize(
    ("sentence", "likest"),
    [
        ("hire a developer", "hiring"),
        ("- write code.", "hands_on_coding"),
        ("担当者を採用する。", "hiring"),
        ("自らコードを書く", "hands_on_coding"),
    ],
)
def test_a_sentence_is_like_those_that_share_its_words(
    likeness: Likeness, sentence: str, likest: str
) -> None:
    found = likeness(sentence)
    assert max(found, key=lambda one: found[one]) == likest
    assert found[likest] > 0.4
    assert min(found.values()) < 0.25


def test_unknown_words_and_the_company_are_like_nothing(likeness: Likeness) -> None:
    assert max(likeness("zzz").values()) == 0
    assert max(likeness("we sell bags and shoes").values()) < 0.3


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (0.0, "We sell shoes.", ()),  # a cue is doubted,
        (0.0, "Fine. We sell shoes.", ("hiring",)),  # but in a line of its own only
        (0.3, "We sell shoes.", ("hiring",)),
        (0.3, "We sell bags.", ()),
        (0.9, "We sell bags.", ("hiring",)),  # no cue is needed
        (0.9, "Fine. We sell bags.", ()),
        (0.9, "We won't sell bags.", ()),  # what is cancelled stays so
        (0.9, "Benefits: bags.", ()),
        (0.2, "鞄を売る", ()),
        (0.4, "鞄を売る", ("hiring",)),  # in Japanese the likeliest is, where no cue is known
    ],
)
def test_likeness_doubts_and_completes_the_cues(
    value: float, text: str, expected: tuple[str, ...]
) -> None:
    cues = [("states", "hiring", "shoes"), ("cancels", "", "won't"), ("excludes", "", "benefits")]
    rows = [
        CueRow.model_validate(
            {"line": 2, "lang": "en", "effect": effect, "responsibility_id": one, "cue": cue}
        )
        for effect, one, cue in cues
    ]
    reader = ResponsibilityReader(rows, lambda _: {"hiring": value})
    assert tuple(one for _, ids in reader.read(text) for one in ids) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Run shops.", "hiring"), ("A hand for shops.", "communication")]
)
def test_what_one_does_is_no_skill(text: str, expected: str) -> None:
    row = CueRow.model_validate({"line": 2, "lang": "en", "effect": "does", "cue": "^run"})
    values = {"communication": 0.9, "hiring": 0.4}
    reader = ResponsibilityReader([row], lambda _: dict(values), skills={"communication"})
    assert [ids for _, ids in reader.read(text)] == [(expected,)]


def test_a_label_must_be_a_responsibility(tmp_path: Path) -> None:
    for file in HERE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    header = "id,lang,role_id,text,labels,is_unsure\n"
    (tmp_path / "responsibility_sentences.csv").write_text(header + "1,en,,Hire.,hirring,\n")
    with pytest.raises(TaxonomyError, match=r'responsibility_sentences.csv line 2: "hirring"'):
        load_likeness(tmp_path)

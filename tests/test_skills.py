from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.skills import find_skills
from taxonomy.load import load_skills


def ids(text: str) -> list[str]:
    return [mention.skill_id for mention in find_skills(text)]


NAMED = [
    ("We use Go, Rust and C++ on AWS（EKS）.", ["go", "rust", "cpp", "aws", "amazon_eks"]),
    ("C/C++, C#, F#, .NET", ["c_language", "cpp", "csharp", "fsharp", "dotnet"]),
    ("Node.js and Next.js", ["node_js", "next_js"]),
    ("Goや TypeScriptでの開発", ["go", "typescript"]),
    ("ＡＷＳとＧｏ", ["aws", "go"]),
    ("Java8 and Python3, not JavaScript", ["java", "python", "javascript"]),
    ("Ruby on Rails", ["ruby_on_rails"]),
    ("Senior Rust Engineer", ["rust"]),
    ("experience with Go or R", ["go", "r_language"]),
    ("stack: react, spark, python", ["react", "apache_spark", "python"]),
    ("Terraform, Vault and Consul", ["terraform", "hashicorp_vault", "hashicorp_consul"]),
    ("D3, WebSockets", ["d3_js", "websocket"]),
    ("ドメイン駆動設計とスクラム", ["domain_driven_design", "scrum"]),
    ("1on1とOKR、Four Keys", ["one_on_one", "okr", "dora_metrics"]),
    ("ピープルマネジメント経験", ["people_management"]),
    ("エンジニアの採用と組織設計の経験", ["recruiting", "organizational_design"]),
    ("Experience in recruiting and backend development", ["recruiting", "backend_development"]),
    ("Line management of four people", ["line_management"]),
]
NOT_NAMED = [
    "our go to market team",
    "ready to go live",
    "Go beyond what is asked",
    "express interest by e-mail",
    "R&D in Tokyo",
    "the C-suite and a Series C round",
    "internship, spring 2026",
    "a swift response",
    "React to incidents within minutes",
    "backed by Spark Capital",
    "an office in Hong Kong",
    "less is more",
    "make the play of the week",
    "コンテストの運営",  # no テスト
    "recruiting and coaching of engineers",  # duties, not asked for
    "we are hiring in Berlin",
    "採用情報はこちら",
    "write to jobs@stripe.com or https://python.org/rust/go.html",
    "see index.html",
    "scalable, reactive and gopher-like",
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize("text", NOT_NAMED)
def test_near_misses_are_left(text: str) -> None:
    assert ids(text) == []


def test_a_doubtful_name_counts_beside_a_certain_one() -> None:
    assert ids("We chat on Slack.") == []
    assert ids("We chat on Slack and deploy to Kubernetes.") == ["slack", "kubernetes"]


def test_own_name_of_the_employer_is_no_skill() -> None:
    text = "Datadog is hiring: Go, Kafka"
    assert ids(text) == ["datadog", "go", "apache_kafka"]
    for employer in ("DataDog", "Datadog, Inc."):
        found = [mention.skill_id for mention in find_skills(text, employer=employer)]
        assert found == ["go", "apache_kafka"]
    found = [mention.skill_id for mention in find_skills(text, employer="Data Dogs")]
    assert found == ["datadog", "go", "apache_kafka"]


def test_every_alias_without_a_context_is_found_alone() -> None:
    missed = [
        row.alias
        for row in load_skills().aliases
        if not row.context and row.skill_id not in ids(row.alias)
    ]
    assert missed == []


def test_vocabulary_is_as_large_as_promised() -> None:
    skills = load_skills()
    named = {row.skill_id for row in skills.aliases if row.context != "never"}
    assert len(skills.skills) >= 2000
    assert named == {row.skill_id for row in skills.skills}
    assert sum(row.lang == "ja" for row in skills.aliases) >= 1000


WORDS = st.sampled_from(
    ["Go", "Ｇｏ", "C++", "採用", "、", " ", "/", "経験", "@", "İ", "React", "\n"]
)


@given(st.lists(WORDS | st.characters(codec="utf-8"), max_size=30).map("".join))
def test_offsets_refer_to_the_text_as_given(text: str) -> None:
    mentions = find_skills(text)
    assert all(text[one.start : one.end] == one.text for one in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))

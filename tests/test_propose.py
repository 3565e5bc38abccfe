"""What the taxonomy doesn't know, found in postings. All postings and employers are invented."""

import shutil
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.accept import accept, find_candidate, read_candidates, write_candidates
from pipeline.cli import app
from pipeline.commands import taxonomy as commands
from pipeline.known_names import KnownNames
from pipeline.list_terms import term_of, terms
from pipeline.propose import Candidate, postings_of, propose
from pipeline.skills import SkillFinder
from pipeline.spelling import NearNames, key_of
from taxonomy.edit import refuse
from taxonomy.load import HERE, load_roles, load_skills
from taxonomy.rows import TaxonomyError
from warehouse.store import BoardNight, Content, Observation, Snapshot, Store, StoredBoard, by_hash
from warehouse.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in HERE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    (tmp_path / "growth").mkdir()
    (tmp_path / "growth" / "refused.csv").write_text("candidate_id,term,reason\n")
    return tmp_path


@pytest.fixture(scope="module")
def finder() -> SkillFinder:
    return SkillFinder(load_skills())


def posts(*texts: str) -> list[tuple[str, str, str]]:
    return [(f"Employer {number}", "", text) for number, text in enumerate(texts)]


@cache
def checkout() -> KnownNames:
    return KnownNames()


def found(postings, folder: Path | None = None) -> dict[str, Candidate]:
    known = KnownNames(folder) if folder else checkout()
    candidates = propose(postings, known=known, min_employers=1)
    return {one.candidate_id: one for one in candidates}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use Python, Zorbix and Postgres.", ["Zorbix"]),
        ("Stack: Python / Zorbix / AWS", ["Zorbix"]),
        ("- Zorbix, Python", ["Zorbix"]),
        ("experience with Zorbix, Kafka, etc", ["Zorbix"]),
        ("Python, Foo, Bar, Baz, Qux", ["Foo", "Bar"]),  # two pieces away at most
        ("Python, Zorbix Cloud Suite", ["Zorbix Cloud Suite"]),
        ("Python、「ゾルビックス」を使います", ["ゾルビックス"]),
        ("Pythonやゾルビックスの経験", ["ゾルビックス"]),
        ("PythonやZorbixの開発経験", ["Zorbix"]),
        ("Python・Zorbix・AWS", ["Zorbix"]),
        ("Python、量子算盤、AWS", ["量子算盤"]),
        # near misses
        ("We use Zorbix.", []),  # beside nothing known
        ("We use Python. Zorbix is our office dog.", []),  # another sentence
        ("Acme | Zorbixville | Python", []),  # a header isn't a list
        ("Python, and we are growing our team quickly", []),
        ("Python, 5, 10+", []),
        ("Python、楽しく働ける環境です", []),
    ],
)
def test_terms_stand_in_lists_of_skills(finder: SkillFinder, text: str, expected: list[str]):
    assert [one.text for one in terms(text, finder(text))] == expected


@pytest.mark.parametrize(
    ("piece", "term"),
    [
        ("Zorbix", "Zorbix"),
        (" *zorbix* ", "zorbix"),
        ("strong experience with Zorbix", "Zorbix"),
        ("Zorbix experience", "Zorbix"),
        ("e.g.", ""),
        ("send your resume", ""),
        ("Excellent written", ""),
        ("", ""),
        ("３", ""),
    ],
)
def test_a_piece_is_a_name_or_nothing(piece: str, term: str):
    assert term_of(piece) == term


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Node.js", "NodeJS", True),
        ("ＺＯＲＢＩＸ", "zorbix", True),
        ("speech-to-text", "Speech to Text", True),
        ("サーバー", "サーバ", True),
        ("マネージャー", "マネジャ", True),
        ("ﾏﾈｰｼﾞｬ", "マネージャー", True),
        ("Go", "Goa", False),
        ("クラウド", "グラウンド", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, *, same: bool):
    assert (key_of(one) == key_of(other)) is same


@pytest.mark.parametrize(
    ("term", "concept"),
    [
        ("Kuberentes", "kubernetes"),  # swapped
        ("Kubernets", "kubernetes"),  # missing
        ("Kubernettes", "kubernetes"),  # doubled
        ("Kubermetes", "kubernetes"),  # wrong
        ("Apache Kubernetes", "kubernetes"),  # a maker
        ("Bubernetes", None),  # the first letter is another
        ("Kubermates", None),  # two letters
        ("Kafk", None),  # too short to say
    ],
)
def test_near_names(term: str, concept: str | None):
    near = NearNames([("Kubernetes", "kubernetes"), ("Kafka", "kafka")]).find(key_of(term))
    assert (near and near[1]) == concept


def test_spellings_are_clustered_and_ranked_by_employers():
    candidates = propose(
        posts(
            "Python, Zorbix and Kafka",
            "Java, ZORBIX, Kafka",
            "Zor-bix, Redis",
            "Java, Blimpy, Ruby",
            "Java, Blimpy, Ruby",
        ),
        known=checkout(),
        min_employers=2,
    )
    zorbix, blimpy = candidates
    assert (zorbix.candidate_id, zorbix.kind) == ("skill:zorbix", "new_skill")
    assert (zorbix.employers, zorbix.postings) == (3, 3)
    assert set(zorbix.spellings) == {"Zorbix", "ZORBIX", "Zor-bix"}
    assert zorbix.examples[0] == "Python, Zorbix and Kafka"
    assert (blimpy.term, blimpy.parent) == ("Blimpy", "programming_language")
    assert blimpy.reason == "beside a programming_language in 2 of 2 postings"


def test_one_employer_counts_once():
    postings = [("Acme", "", "Python, Zorbix"), ("ＡＣＭＥ", "", "Java, Zorbix")]
    assert found(postings)["skill:zorbix"].employers == 1
    assert propose(postings, known=checkout(), min_employers=2) == []


@pytest.mark.parametrize(
    "posting",
    [
        ("Zorbix", "", "Python, Zorbix, Kafka"),  # the employer's own name
        ("Acme", "", "Python, Lisbon, Kafka"),  # a place
        ("Acme", "", "Python, Backend Engineer, Kafka"),  # a post
        ("Acme", "", "Python, Senior, Kafka"),  # a rank
        ("Acme", "", "Python, pizza, Kafka"),  # no name
        ("Acme", "", "Python, Kafka, Redis"),  # all known
    ],
)
def test_what_is_no_term(posting: tuple[str, str, str]):
    assert found([posting]) == {}


def test_common_words_are_told_by_their_use_elsewhere():
    listed, elsewhere = "Python, Zorbix, Kafka", "We love Zorbix here."
    assert "skill:zorbix" in found(posts(listed, *[elsewhere] * 5))
    assert "skill:zorbix" not in found(posts(listed, *[elsewhere] * 20))


@pytest.mark.parametrize(
    ("texts", "candidate_id", "kind", "parent"),
    [
        (["MySQL, Postgrezql"], "skill:postgrezql", "skill_alias", "postgresql"),
        (["Go, Kbns (Kubernetes)"] * 2, "skill:kbns", "skill_alias", "kubernetes"),
        (["Python, クバネス（Kubernetes）"] * 2, "skill:クバネス", "skill_alias", "kubernetes"),
        (["Python, Zorbix"], "skill:zorbix", "new_skill", ""),  # one neighbour is no evidence
    ],
)
def test_suggestions(texts: list[str], candidate_id: str, kind: str, parent: str):
    one = found(posts(*texts))[candidate_id]
    assert (one.kind, one.parent) == (kind, parent)


@pytest.mark.parametrize(
    ("title", "term", "parent"),
    [
        ("Backend Wizardress", "Backend Wizardress", "software_engineer"),
        ("Senior Backend Wizardress (Remote)", "Backend Wizardress", "software_engineer"),
        ("バックエンド魔術師", "バックエンド魔術師", "software_engineer"),
        ("Wizardress, Paris", "Wizardress", ""),
    ],
)
def test_titles_with_an_unknown_head(title: str, term: str, parent: str):
    (one,) = found([("Acme", title, "")]).values()
    assert (one.kind, one.term, one.parent) == ("role_alias", term, parent)
    assert one.examples == (title,)


@pytest.mark.parametrize("title", ["Backend Engineer", "VP of Engineering", "採用担当", "", "—"])
def test_titles_that_are_known(title: str):
    assert found([("Acme", title, "")]) == {}


def test_progress_counts_every_posting():
    steps: list[int] = []
    propose(posts(*["x"] * 2_500), known=checkout(), progress=steps.append)
    assert (sum(steps), len(steps)) == (2_500, 3)


def test_accepting_a_new_skill(folder: Path):
    one = found(posts("Java, Zorbix", "Ruby, Zor-bix"), folder)["skill:zorbix"]
    accept(one, folder=folder)
    skills = load_skills(folder)
    row = next(row for row in skills.skills if row.skill_id == "zorbix")
    assert (row.broader_id, row.kind) == ("programming_language", "technology")
    assert row.note == "Proposed from the postings of 2 employers"
    assert [m.skill_id for m in SkillFinder(skills)("We use Zorbix, Zor-bix.")] == ["zorbix"] * 2
    assert found(posts("Java, Zorbix"), folder) == {}


def test_accepting_aliases(folder: Path):
    postings = [*posts("MySQL, Postgrezql"), ("Acme", "Backend Wizardress", "")]
    candidates = found(postings, folder)
    accept(candidates["skill:postgrezql"], folder=folder)
    accept(candidates["role:backendwizardress"], folder=folder)
    assert ("postgresql", "Postgrezql") in {
        (row.skill_id, row.alias) for row in load_skills(folder).aliases
    }
    rows = {row.alias: row for row in load_roles(folder).aliases}
    alias = rows["Backend Wizardress"]
    assert (alias.role_id, alias.lang) == ("software_engineer", "en")
    assert found(postings, folder) == {}


@pytest.fixture
def kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose last proposal is known, and a taxonomy of its own."""
    monkeypatch.setenv("VPOE_HOME", str(folder))
    monkeypatch.setattr(commands, "accept", partial(accept, folder=folder))
    monkeypatch.setattr(commands.edit, "refuse", partial(refuse, folder=folder))
    postings = [*posts("Java, Zorbix", "Ruby, Zor-bix"), ("Acme", "Zorbix", "")]
    postings.append(("Acme", "Backend Wizardress", ""))
    write_candidates(found(postings, folder).values(), Workspace(folder).candidates)
    return folder


@pytest.mark.parametrize(
    ("named", "candidate_id"),
    [
        ("role:backendwizardress", "role:backendwizardress"),
        ("Backend Wizardress", "role:backendwizardress"),
        ("backend-wizardress", "role:backendwizardress"),
        ("skill:zorbix", "skill:zorbix"),
        ("Nosuch", None),
        ("role:nosuch", None),
    ],
)
def test_a_candidate_is_named_by_its_id_or_its_words(kept: Path, named, candidate_id):
    one = find_candidate(Workspace(kept).candidates, named)
    assert (one and one.candidate_id) == candidate_id


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept", "role:backendwizardress"], "role_aliases.csv: software_engineer, en, Backend"),
        (["accept", "Backend Wizardress", "sre"], "role_aliases.csv: sre, en, Backend Wizardress"),
        (["accept", "skill:zorbix", "database"], "skills.csv: zorbix, Zorbix, Zorbix, technology"),
        (["accept", "Tanstackium", "python"], "skill_aliases.csv: python, any, Tanstackium"),
        (["accept", "開発大統括", "head_of_engineering"], "head_of_engineering, ja, 開発大統括"),
        (["refuse", "role:zorbix", "a skill"], "growth/refused.csv: role:zorbix, a skill"),
    ],
)
def test_answers_on_the_command_line(kept: Path, arguments, said: str):
    result = CliRunner().invoke(app, ["taxonomy", *arguments])
    assert result.exit_code == 0
    assert said in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["accept", "Zorbix"], "say skill:zorbix or role:zorbix"),
        (["accept", "Nosuch"], '"Nosuch" is no candidate; propose first, or name its role'),
        (["accept", "Nosuch", "nosuch"], '"nosuch" is no role_id and no skill_id'),
        (["accept", "Field CTO", "cto"], '"Field CTO" is read as'),
        (["refuse", "Nosuch", "why"], '"Nosuch" is no candidate of the last proposal'),
    ],
)
def test_answers_that_are_refused(kept: Path, arguments, message: str):
    result = CliRunner().invoke(app, ["taxonomy", *arguments])
    assert isinstance(result.exception, TaxonomyError)
    assert message in str(result.exception)


@pytest.mark.parametrize(
    ("term", "spellings", "concept", "message"),
    [
        ("Zorbix", ("Zorbix",), "", "is no concept; name one"),
        ("Zorbix", ("Zorbix",), "nosuch", '"nosuch" is no known id'),
        ("Kafka", ("Kafka",), "python", "skill_aliases.csv line"),  # a duplicate, with its line
        ("Field CTO", ("Field CTO",), "cto", '"Field CTO" is read as'),  # shadowed
    ],
)
def test_what_accepting_refuses(folder: Path, term, spellings, concept, message):
    kind = "role_alias" if concept == "cto" else "skill_alias"
    one = Candidate(f"x:{term}", kind, term, spellings, 3, 3, "", "", ())
    before = {file.name: file.read_bytes() for file in folder.glob("*.csv")}
    with pytest.raises(TaxonomyError) as error:
        accept(one, concept_id=concept, folder=folder)
    assert message in str(error.value)
    assert {file.name: file.read_bytes() for file in folder.glob("*.csv")} == before


def test_candidates_are_kept_between_runs(tmp_path: Path):
    candidates = found(posts("Python, Zorbix、ゾルビックス"))
    write_candidates(candidates.values(), tmp_path / "candidates.jsonl")
    assert read_candidates(tmp_path / "candidates.jsonl") == candidates
    with pytest.raises(TaxonomyError, match=r"no candidates at .*; propose some first"):
        read_candidates(tmp_path / "nothing.jsonl")


def test_postings_of_a_store(tmp_path: Path):
    at, night = datetime(2026, 1, 5), date(2026, 1, 5)  # noqa: DTZ001
    with Store(tmp_path / "store.duckdb") as store:
        for kind, source, board, employer in (
            ("stock", "greenhouse", "acme", "Acme"),
            ("flow", "hackernews", "2019-03", None),
        ):
            registered = StoredBoard(source, board, employer, None, kind, 1, "list", night)
            store.start_crawl(night, [registered], at)
            one = Content(title=kind, description_html="<p>x</p>", employer_text="its own words")
            seen = [Observation("1", one.content_hash)]
            snapshot = Snapshot(night, source, board, "ok", at)
            store.write_nights([BoardNight(snapshot, seen, by_hash([one]))])
        assert sorted(postings_of(store)) == [
            ("Acme", "stock", "x"),
            ("its own words", "flow", "x"),
        ]


def test_what_is_refused_is_not_proposed_again(folder: Path):
    postings = posts("Java, Zorbix", "Ruby, Zorbix")
    assert "skill:zorbix" in found(postings, folder)
    refuse([("skill:zorbix", "Zorbix", "company")], folder)
    assert found(postings, folder) == {}


@pytest.mark.parametrize(
    "text",
    ["," * 20_000, "Python" + ", " * 20_000, "(" * 5_000 + "Python", "a/" * 20_000, "「" * 20_000],
)
def test_hostile_texts_are_data(finder: SkillFinder, text: str):
    assert [one.text for one in terms(text, finder(text))] in ([], ["a"])


def test_hostile_postings_are_data():
    postings = [("\ud800", "\ud800 \u202e", "Python, \ud800Zorbix\x00, Kafka")]
    assert list(found(postings)) == ["skill:zorbix"]

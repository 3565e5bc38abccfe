"""Rows written into the taxonomy, and what that changes in a store. All postings are invented."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import taxonomy_diff
from pipeline.extract import extract
from pipeline.extractor import CODE_VERSION, EXTRACTOR_VERSION, extractor_version, vocabulary
from pipeline.taxonomy_diff import (
    Changes,
    carry_over,
    changes,
    contents_touched,
    diff,
    read_files,
    taxonomy_at,
)
from taxonomy.edit import NewRow, add, load_refusals, refuse, role_alias, skill, skill_alias
from taxonomy.load import HERE, load_roles, load_skills
from taxonomy.rows import TaxonomyError
from warehouse.store import (
    BoardNight,
    Content,
    ExtractorVersion,
    Observation,
    Snapshot,
    Store,
    StoredBoard,
    by_hash,
)

NIGHT = date(2026, 1, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "taxonomy"
    copy.mkdir()
    for file in HERE.glob("*.csv"):
        shutil.copy(file, copy)
    (copy / "growth").mkdir()
    (copy / "growth" / "refused.csv").write_text("candidate_id,term,reason\n")
    return copy


def snapshot_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.csv")}


# ── edit ──


def test_rows_stand_with_their_concept_and_nothing_else_moves(folder: Path):
    before = (folder / "skill_aliases.csv").read_text("utf-8").splitlines()
    add([skill_alias("Pythonium, 3", "python", note="why")], folder)
    after = (folder / "skill_aliases.csv").read_text("utf-8").splitlines()
    place = after.index('python,any,"Pythonium, 3",,,why')
    assert after[:place] + after[place + 1 :] == before
    assert after[place - 1].startswith("python,")
    assert not after[place + 1].startswith("python,")


def test_a_skill_comes_with_its_aliases(folder: Path):
    rows = [skill_alias("Zorbix", "zorbix"), skill("zorbix", "Zorbix", "Z", broader_id="database")]
    add(rows, folder)
    assert [one.alias for one in load_skills(folder).aliases if one.skill_id == "zorbix"] == [
        "Zorbix"
    ]
    skills = load_skills(folder).skills
    place = [one.skill_id for one in skills].index("zorbix")
    assert skills[place - 1].broader_id == "database"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (skill_alias("Kafka", "python"), "skill_aliases.csv line"),
        (skill_alias("Zorbix", "nosuch"), '"nosuch" is no known id'),
        (skill_alias("box", "python"), '"box" is a common word; give it a context'),
        (skill_alias("", "python"), '"" is empty; delete the line'),
        (skill("python", "P", "P", broader_id="database"), '"python" is already on line'),
        (skill("zorbix", "Z", "", broader_id="database"), '"preferred_label_ja" is empty'),
        (role_alias("VPoE", "cto"), '"vpoe" is already an alias of vp_engineering'),
        (role_alias("Lead", "tech_lead"), '"Lead" is a common word'),
        (
            NewRow("role_aliases.csv", {"colour": "red"}, ("role_id", "cto")),
            "role_aliases.csv line 1: ['colour'] is no column",
        ),
    ],
)
def test_a_mistake_leaves_every_file_as_it_was(folder: Path, row: NewRow, message: str):
    before = snapshot_of(folder)
    with pytest.raises(TaxonomyError) as error:
        add([role_alias("Zorbix Chief", "cto"), row], folder)
    assert message in str(error.value)
    assert snapshot_of(folder) == before
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        {name.split("/")[0] for name in before}
    )


def test_a_check_of_the_callers_own_can_refuse(folder: Path):
    def no(draft: Path) -> None:
        assert any(row.alias == "Zorbix Chief" for row in load_roles(draft).aliases)
        raise TaxonomyError("no")

    before = snapshot_of(folder)
    with pytest.raises(TaxonomyError, match="no"):
        add([role_alias("Zorbix Chief", "cto")], folder, check=no)
    assert snapshot_of(folder) == before


def test_what_was_loaded_before_is_forgotten(folder: Path):
    count = len(load_roles(folder).aliases)
    add([role_alias("Zorbix Chief", "cto")], folder)
    assert len(load_roles(folder).aliases) == count + 1


def test_refusals_are_sorted_and_the_last_word_counts(folder: Path):
    refuse([("skill:b", "B", "company"), ("skill:a", "A", "noise")], folder)
    refuse([("skill:b", "B", "hardware")], folder)
    assert [(row.candidate_id, row.reason) for row in load_refusals(folder)] == [
        ("skill:a", "noise"),
        ("skill:b", "hardware"),
    ]
    assert read_files(folder).keys() == read_files(HERE).keys()  # no vocabulary of extraction


def test_the_projects_own_refusals_load():
    assert all(row.term and row.reason for row in load_refusals())


# ── changes ──


def changed(folder: Path, *rows: NewRow) -> Changes:
    before = read_files(folder)
    add(rows, folder)
    return changes(before, read_files(folder))


def replaced(file: str, old: str, new: str) -> Changes:
    files = read_files(HERE)
    assert old in files[file]
    return changes(files, files | {file: files[file].replace(old, new, 1)})


def test_nothing_changed():
    assert changes(read_files(HERE), read_files(HERE)) == Changes()


def test_a_changed_alias_is_sought_where_it_is_read(folder: Path):
    assert changed(folder, skill_alias("Ｚorbix-Pro", "python")).texts == {"zorbix-pro"}
    assert changed(folder, role_alias("Zorbix-Chief", "cto")).titles == {
        "zorbix chief",
        "zorbix-chief",
    }
    assert changed(
        folder,
        skill("zorbix", "Z", "Z", broader_id="database"),
        skill_alias("Zorbix", "zorbix"),
    ) == Changes(texts=frozenset({"zorbix"}))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("role_exclusions.csv", "field {chief},en", "plain {chief},en", {"field", "plain"}),
        ("title_words.csv", "vps,en,level,vp", "vpz,en,level,vp", {"vps", "vpz"}),
        ("role_aliases.csv", "vp_engineering,en,VPoE,", "vp_engineering,en,VPoE,why", set()),
        ("roles.csv", "VP of Engineering", "VP Engineering", set()),
    ],
)
def test_words_of_titles(file: str, old: str, new: str, expected: set[str]):
    found = replaced(file, old, new)
    assert (found.titles, found.texts, found.anywhere) == (expected, set(), ())


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("mention_cues.csv", "background,en", "process,en"),
        ("title_functions.csv", "vp_engineering", "vp_technology"),
        ("places.csv", "United States", "United Stakes"),
        ("title_markers.csv", "{role}-track", "{role}"),  # a slot alone stands in any title
    ],
)
def test_patterns_may_change_any_content(file: str, old: str, new: str):
    assert replaced(file, old, new).anywhere == (file,)


def test_a_skill_that_makes_its_neighbours_certain_no_more_touches_its_aliases():
    found = replaced(
        "skills.csv", "python,Python,パイソン,technology", "python,Python,パイソン,method"
    )
    assert "python" in found.texts
    assert not {"java", "kafka"} & found.texts
    label = replaced("skills.csv", "python,Python,パイソン,", "python,Python 3,パイソン,")
    assert label == Changes()


# ── store ──


def content(title: str = "", text: str = "", employer: str | None = None) -> Content:
    return Content(title=title, description_html=text, employer_text=employer)


CONTENTS = [
    content("Zorbix Chief", "We bake."),
    content("Accountant", "Python, Zorbix and Kafka"),
    content("Accountant", "Python, Zorbixen and Kafka"),
    content("Accountant", "Zorbix2と<b>Python</b>"),
    content("VP of Engineering", "Kafka", "Zorbix Chief KK"),
    content("VP of Engineering", "Kafka and Python"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    at = datetime(2026, 1, 5)  # noqa: DTZ001
    with Store(tmp_path / "store.duckdb") as one:
        for kind, source, board in (
            ("stock", "greenhouse", "acme"),
            ("flow", "hackernews", "2019-03"),
        ):
            registered = StoredBoard(source, board, None, None, kind, 1, "list", NIGHT)
            one.start_crawl(NIGHT, [registered], at)
            observed = [
                Observation(str(number), text.content_hash) for number, text in enumerate(CONTENTS)
            ]
            snapshot = Snapshot(NIGHT, source, board, "ok", at)
            one.write_nights([BoardNight(snapshot, observed, by_hash(CONTENTS))])
        yield one


def touched(store: Store, found: Changes) -> set[int]:
    hashes = [one.content_hash for one in CONTENTS]
    return {hashes.index(one["content_hash"]) for one in contents_touched(store, found)}


@pytest.mark.parametrize(
    ("found", "numbers"),
    [
        (Changes(), set()),
        (Changes(texts=frozenset({"zorbix"})), {1, 3}),
        (Changes(titles=frozenset({"zorbix chief"})), {0, 4}),
        (Changes(texts=frozenset({"nosuch"}), titles=frozenset({"zorbix 9"})), set()),
        (Changes(anywhere=("places.csv",)), {0, 1, 2, 3, 4, 5}),
    ],
)
def test_contents_touched(store: Store, found: Changes, numbers: set[int]):
    assert touched(store, found) == numbers


def rows(store: Store, version: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(
        "select content_hash, roles, hires_for, list((concept, concept_id, start_char) order by all) "
        "from extract.results join extract.mentions using (content_hash, extractor_version) "
        "where extractor_version = ? group by all order by 1",
        [version],
    ).fetchall()


def test_results_are_carried_over_but_for_what_is_excepted(store: Store):
    extract(store)
    spared = CONTENTS[5].content_hash
    assert store.carry_results(EXTRACTOR_VERSION, "next", [spared]) == 5
    assert rows(store, "next") == [
        row for row in rows(store, EXTRACTOR_VERSION) if row[0] != spared
    ]
    assert store.count_unextracted("next") == 1
    assert store.carry_results(EXTRACTOR_VERSION, "next", []) == 1  # once each
    assert rows(store, "next") == rows(store, EXTRACTOR_VERSION)


def versions(store: Store) -> dict[str, list[str]]:
    sql = "select distinct extractor_version from extract.{} order by 1"
    return {
        table: [row[0] for row in store.connection.execute(sql.format(table)).fetchall()]
        for table in ("results", "mentions", "versions")
    }


def test_what_a_newer_version_has_read_is_dropped_of_the_older(store: Store):
    extract(store)
    both = sorted(["next", EXTRACTOR_VERSION])
    unread = CONTENTS[5].content_hash
    store.write_version(ExtractorVersion("next", CODE_VERSION, {}))
    store.write_version(ExtractorVersion("long ago", "", {}))
    store.carry_results(EXTRACTOR_VERSION, "next", [unread])
    store.forget_superseded("next")
    # What the older said of the one content still counts.
    assert versions(store) == {"results": both, "mentions": both, "versions": both}
    assert {row[0] for row in rows(store, EXTRACTOR_VERSION)} == {unread}
    extract(store)
    only = [EXTRACTOR_VERSION]
    assert versions(store) == {"results": only, "mentions": only, "versions": only}
    assert len(rows(store, EXTRACTOR_VERSION)) == len(CONTENTS)


def become(monkeypatch: pytest.MonkeyPatch, *, code: str = CODE_VERSION, version: str) -> None:
    monkeypatch.setattr(taxonomy_diff, "CODE_VERSION", code)
    monkeypatch.setattr(taxonomy_diff, "EXTRACTOR_VERSION", version)


def test_only_what_a_changed_alias_touches_is_read_again(store, folder, monkeypatch):
    assert carry_over(store) == 0  # nothing was read before
    extract(store)
    add([skill_alias("Zorbix", "python")], folder)
    become(monkeypatch, version="next")
    assert carry_over(store, folder) == 4
    unread = {one["content_hash"] for one in store.unextracted("next", 10)}
    assert unread == {CONTENTS[1].content_hash, CONTENTS[3].content_hash}


def test_a_change_that_is_taken_back_counts_again(store, folder, monkeypatch):
    extract(store)
    before = read_files(folder)
    add([skill_alias("Zorbix", "python")], folder)
    become(monkeypatch, version="next")
    carry_over(store, folder)
    assert store.current_version().extractor_version == "next"
    become(monkeypatch, version=EXTRACTOR_VERSION)
    for name, text in before.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert carry_over(store, folder) == 4
    assert store.current_version().extractor_version == EXTRACTOR_VERSION
    assert store.count_unextracted(EXTRACTOR_VERSION) == 2


@pytest.mark.parametrize("what", ["rules", "patterns", "unknown"])
def test_everything_is_read_again_after(store, folder, monkeypatch, what: str):
    extract(store)
    become(monkeypatch, version="next", code="other" if what == "rules" else CODE_VERSION)
    if what == "patterns":
        with (folder / "places.csv").open("a") as stream:
            stream.write("Zorbixville,city,US\n")
    if what == "unknown":
        store.connection.execute("delete from extract.versions")
    assert carry_over(store, folder) == 0
    assert store.count_unextracted("next") == len(CONTENTS)


def test_a_version_is_its_rules_and_its_vocabulary(store: Store):
    files = vocabulary()
    assert extractor_version(files) == EXTRACTOR_VERSION
    assert extractor_version(files | {"skills.csv": b""}) != EXTRACTOR_VERSION
    assert store.current_version() is None
    extract(store)
    assert store.current_version() == ExtractorVersion(
        EXTRACTOR_VERSION, CODE_VERSION, read_files(HERE)
    )


def test_diff_tells_what_would_move(store: Store, folder: Path):
    extract(store)
    add([skill_alias("Zorbix", "python"), role_alias("Zorbix Chief", "cto")], folder)
    found = diff(HERE, folder, store)
    assert (found.contents, found.touched, found.relabelled) == (6, 4, 1)
    shifts = [
        (one.month, one.concept, one.concept_id, one.published, one.lost, one.gained, one.after)
        for one in found.shifts
    ]
    # The thread's post has no title, so its role stays.
    assert shifts == [
        ("2026-01", "role", "cto", 0, 0, 1, 1),
        ("2026-01", "role", "other", 4, 1, 0, 3),
    ]
    back = diff(folder, HERE, store)
    assert [(one.concept_id, one.lost, one.gained) for one in back.shifts] == [
        ("cto", 1, 0),
        ("other", 0, 1),
    ]


def test_diff_counts_skills_of_boards_and_threads(store: Store, folder: Path):
    extract(store)
    add([skill_alias("Zorbix", "ruby")], folder)
    found = diff(HERE, folder, store)
    assert [(one.month, one.concept_id, one.published, one.after) for one in found.shifts] == [
        ("2019-03", "ruby", 0, 2),
        ("2026-01", "ruby", 0, 2),
    ]


def test_a_version_of_the_taxonomy_is_a_folder_or_a_commit(folder: Path):
    with taxonomy_at(folder) as found:
        assert found == folder
    if subprocess.run(["git", "rev-parse"], cwd=HERE, capture_output=True, check=False).returncode:
        pytest.skip("not a git checkout")
    with taxonomy_at("HEAD") as found:
        assert "roles.csv" in read_files(found)
    with pytest.raises(TaxonomyError, match='"no-such-commit" is no folder and no commit'):
        diff("no-such-commit", HERE, store=None)  # type: ignore[arg-type]

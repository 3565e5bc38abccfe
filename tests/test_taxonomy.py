"""The taxonomy's CSV files: they load, and each kind of mistake in them is refused with a remedy."""

import gzip
import shutil
from pathlib import Path

import pytest

from pipeline.roles import TitleReader
from taxonomy.folding import fold
from taxonomy.load import HERE, load_responsibilities, load_roles, load_skills
from taxonomy.rows import TaxonomyError

GUIDE_ROLES = [
    "vp_engineering",
    "vp_technology",
    "cto",
    "head_of_engineering",
    "director_engineering",
    "engineering_manager",
    "tech_lead",
    "cpo",
    "vp_product",
    "head_of_product",
    "product_manager",
    "project_manager",
    "software_engineer",
    "data_engineer",
    "ml_engineer",
    "data_scientist",
    "sre",
    "qa_engineer",
    "security_engineer",
    "architect",
    "other_engineer",
    "other",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in HERE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_roles_are_those_of_the_guide():
    assert [role.role_id for role in load_roles().roles] == GUIDE_ROLES


def test_groups_tell_strict_from_broad():
    groups: dict[str, set[str]] = {}
    for row in load_roles().groups:
        groups.setdefault(row.group_id, set()).add(row.role_id)
    assert groups == {
        "vpoe_strict": {"vp_engineering"},
        "vpoe_broad": {
            "vp_engineering",
            "vp_technology",
            "head_of_engineering",
            "director_engineering",
        },
    }


def test_external_links_are_known_or_none():
    """O*NET's occupations that mean a role as the guide draws it; a VPoE is no concept of either."""
    assert {
        role.role_id: role.onet_label for role in load_roles().roles if role.onet_code != "none"
    } == {
        "project_manager": "Information Technology Project Managers",
        "software_engineer": "Software Developers",
        "data_scientist": "Data Scientists",
        "qa_engineer": "Software Quality Assurance Analysts and Testers",
        "security_engineer": "Information Security Engineers",
        "architect": "Computer Systems Engineers/Architects",
    }
    assert load_roles().roles[0].esco_url == "none"


def test_esco_labels_are_those_of_esco(shared: Path):
    """Every linked label is one of the labels that ESCO's own list gives the linked concept."""
    path = shared / "data/esco-occupation-labels/esco_occupation_isco_labels_en.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        labels = {tuple(line.rstrip("\n").split("\t")) for line in stream}
    linked = {(role.esco_url, role.esco_label) for role in load_roles().roles} - {("none", "none")}
    assert len(linked) == 10
    assert linked - labels == set()


def test_every_alias_is_read_as_its_role():
    """No alias is unreachable: shadowed by a word, another alias or an exclusion."""
    taxonomy = load_roles()
    reader = TitleReader(taxonomy)
    unread = {
        row.alias: (row.role_id, roles)
        for row in taxonomy.aliases
        if (roles := reader.read(row.alias).roles) != (row.role_id,)
    }
    assert unread == {}


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        (
            "roles.csv",
            "cto,CTO,CTO,f,,chief,d,d,none,none,none,none,none",
            '"cto" is already on line 4',
        ),
        (
            "roles.csv",
            "coo,COO,,f,,chief,d,d,none,none,none,none,none",
            '"preferred_label_ja" is empty',
        ),
        ("roles.csv", "a,A,A,f,a,chief,d,d,none,none,none,none,none", '"a" is its own ancestor'),
        ("roles.csv", "a,A,A,f,b,chief,d,d,none,none,none,none,none", '"b" is no known id'),
        ("roles.csv", "a,A,A,f,,chief,d,d,133,none,none,none,none", '"133" is no isco_code; use'),
        ("roles.csv", "a,A,A,f,,chief,d,d,none,a,none,none,none", "half a link: esco_label is a"),
        ("roles.csv", "a,A,A,f,,chief,d,d,none,a,esco/1,none,none", '"esco/1" is no esco_url'),
        ("roles.csv", "a,A,A,f,,chief,d,d,none,none,none,15-1252,A", '"15-1252" is no onet_code'),
        ("roles.csv", "a,A,A,f,,chief,d,d,none,none,none,,none", '"" is no onet_code'),
        ("role_groups.csv", "vpoe_strict,V,V,vp_enginering", '"vp_enginering" is no known id'),
        ("role_groups.csv", "vpoe_strict,V,V,vp_engineering", "is already on line 2; delete one"),
        ("role_aliases.csv", "cto,en,VPoE,", '"vpoe" is already an alias of vp_engineering'),
        ("role_aliases.csv", "cto,ja,ＣＴＯ,", '"cto" is already an alias of cto (line'),
        ("role_aliases.csv", "ceo,en,CEO,", '"ceo" is no known id'),
        ("role_aliases.csv", "tech_lead,en,Lead,", '"Lead" is a common word; set lang to ja'),
        ("role_aliases.csv", "other,en,factory automation,", "is shadowed by role_exclusions.csv"),
        (
            "role_aliases.csv",
            "other,en,senior factory automation hero,",
            "is shadowed by role_exclusions.csv",
        ),
        ("role_aliases.csv", "engineering_manager,en,EM,", '"EM" is a common word; set lang to ja'),
        ("role_aliases.csv", "project_manager,any,PM,", '"PM" is a common word; set lang to ja'),
        ("role_aliases.csv", "cto,de,CTO GmbH,", "column lang: Input should be 'en', 'ja' or"),
        ("role_exclusions.csv", "fake cto,en,", '"reason" is empty'),
        ("role_exclusions.csv", "factory automation,en,again", "is already on line"),
        ("title_words.csv", "vp,en,level,vp,,", '"vp" is already on line'),
        ("title_words.csv", "emperor,en,level,emperor,,", '"emperor" is no value of a level'),
        ("title_words.csv", "wizardry,en,topic,magic,,", '"magic" is no value of a topic'),
        ("title_words.csv", "wizardry,en,topic,other,wizard,", '"wizard" is no known id'),
        ("title_functions.csv", "magic,vp_magic,,,,,,,", '"vp_magic" is no known id'),
        ("title_markers.csv", "grade,us bank,en,", "column marker: Input should be"),
        ("title_markers.csv", "candidate,候補,ja,", "is already on line"),
        ("title_markers.csv", "candidate,候補", "column lang: Input should be"),
    ],
)
def test_mistakes_in_role_files_are_refused(folder: Path, file: str, line: str, message: str):
    _append(folder / file, line)
    with pytest.raises(TaxonomyError) as error:
        load_roles(folder)
    number = len((folder / file).read_text(encoding="utf-8").splitlines())
    assert f"{file} line {number}: " in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("skills.csv", "python,Python,Python,technology,,", '"python" is already on line'),
        ("skills.csv", "nim,Nim,,technology,,", '"preferred_label_ja" is empty'),
        ("skills.csv", "nimx,Nim,Nim,technology,nimy,", '"nimy" is no known id'),
        ("skills.csv", "nimx,Nim,Nim,technology,nimx,", '"nimx" is its own ancestor'),
        ("skill_aliases.csv", "nosuch,any,Nosuch,,,", '"nosuch" is no known id'),
        ("skill_aliases.csv", "python,any,box,,,", '"box" is a common word; give it a context'),
        ("skill_aliases.csv", "python,any,,,,", '"" is empty; delete the line'),
        ("skill_aliases.csv", "python,any,Go,,,", '"Go" is a common word; give it a context'),
        ("skill_aliases.csv", "python,any,R,,,", '"R" is a common word; give it a context'),
        ("skill_aliases.csv", "ruby,any,python,,,", "is already an alias of python (line"),
        ("skill_aliases.csv", "ruby,any,PYTHON,1,,", '"PYTHON" is always read as python (line'),
        ("skill_aliases.csv", "ruby,any,Ｐｙｔｈｏｎ,,,", "is always read as python (line"),
        ("skill_aliases.csv", "ruby,any,YARN,,list,", "is always read as hadoop_yarn (line"),
        ("skill_aliases.csv", "python,any,Zorbix,,sometimes,", "column context: Input should be"),
        ("skills.csv", "zorbix,Zorbix,Z,technology,,", '"zorbix" has no alias; add one to skill_a'),
    ],
)
def test_mistakes_in_skill_files_are_refused(folder: Path, file: str, line: str, message: str):
    _append(folder / file, line)
    with pytest.raises(TaxonomyError) as error:
        load_skills(folder)
    assert message in str(error.value)


def test_aliases_that_differ_in_case_alone_may_name_two_skills(folder: Path):
    """Yarn, yarn and YARN are read as written, so that another writing is free."""
    _append(folder / "skill_aliases.csv", "ruby,any,yarN,1,list,")
    assert load_skills(folder).aliases[-1].alias == "yarN"


def test_mistakes_in_responsibilities_are_refused(folder: Path):
    _append(folder / "responsibilities.csv", "hiring,duty,Hiring,採用,d,d")
    with pytest.raises(TaxonomyError, match='"hiring" is already on line 2; delete one'):
        load_responsibilities(folder)


def test_all_mistakes_are_reported_at_once(folder: Path):
    _append(folder / "role_aliases.csv", "ceo,en,CEO,")
    _append(folder / "title_words.csv", "emperor,en,level,emperor,,")
    with pytest.raises(TaxonomyError) as error:
        load_roles(folder)
    assert len(str(error.value).splitlines()) == 2


def test_missing_file_is_named(folder: Path):
    (folder / "role_groups.csv").unlink()
    with pytest.raises(TaxonomyError, match=r"role_groups\.csv: can't be read .*; restore"):
        load_roles(folder)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＶＰｏＥ　（開発責任者）", "vpoe (開発責任者)"),
        ("マネージャー", "マネジヤ"),
        ("マネジャ", "マネジヤ"),
        ("ﾏﾈｰｼﾞｬｰ", "マネジヤ"),
        ("ソフトウェア", "ソフトウエア"),
        ("VP\u200b of\x00 Engineering\u202e", "vp of engineering"),
        ("Vice–President", "vice-president"),
        ("\ud800CTO", "cto"),
        ("コード―", "コド-"),
    ],
)
def test_folding(text: str, folded: str):
    assert fold(text).text == folded


def test_folding_keeps_the_way_back():
    text = "　ＶＰｏＥ\u200b　ﾌﾟﾛﾀﾞｸﾄ"
    folded = fold(text)
    start = folded.text.index("プロ")
    first, last = folded.original_span(start, start + 2)
    assert text[first:last] == "ﾌﾟﾛ"


def _append(path: Path, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")

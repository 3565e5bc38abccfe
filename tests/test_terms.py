"""Employment type, remote policy, team size and reporting line, with near misses."""

import duckdb
import pytest

from pipeline.cues import Line, LineFilter
from pipeline.mentions import find_mentions
from pipeline.pay import find_salary
from pipeline.team import find_reports_to, find_team_size
from pipeline.terms import find_employment_type, find_remote, read_employment_type
from tests.conftest import ROOT

TYPES = [
    ("雇用形態：正社員（試用期間3か月）", "FULL_TIME"),
    ("雇用形態：業務委託（週2日〜）", "CONTRACTOR"),
    ("雇用形態：契約社員（正社員登用あり）", "TEMPORARY"),
    ("Acme | Berlin | FULL-TIME | ONSITE", "FULL_TIME"),
    ("Acme | Contract | Remote", "CONTRACTOR"),
    ("- Permanent, full-time, 37.5 hours", "FULL_TIME"),
    ("This is a 6-month contract role.", "CONTRACTOR"),
    ("We need a part-time bookkeeper. Part-time position, 20 hours.", "PART_TIME"),
    ("Summer Internship, paid", "INTERN"),
    ("Fixed-term contract, maternity cover", "TEMPORARY"),
    ("長期インターン、学生歓迎", "INTERN"),
    ("Our interns ship to production.", None),
    ("smart contracts on Ethereum", None),
    ("You must be a permanent resident of Canada.", None),
    ("Not a contract position, internal team", None),
    ("業務委託のエンジニアが2名います。", None),
    ("international team", None),
    ("ジュエリーエキスパート", None),
    ("You coach Analysts and Interns.", None),
    ("4-years full-time software engineering work", None),
    ("- Previous internship or project experience", None),
    ("(personal projects, coursework, internships, or open source)", None),
    ("applicants in full-time education", None),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_employment_type(text, expected):
    found = find_employment_type(text)
    assert (found and found.type) == expected
    if found:
        assert text[found.span.start : found.span.end] == found.span.text


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("FullTime", "FULL_TIME"),
        ("FULL_TIME", "FULL_TIME"),
        ("Full Time", "FULL_TIME"),
        ("正社員", "FULL_TIME"),
        ("Contract", "CONTRACTOR"),
        ("Intern", "INTERN"),
        ("Temporary", "TEMPORARY"),
        ("PartTime", "PART_TIME"),
        ("OTHER", None),
        ("", None),
    ],
)
def test_employment_type_of_a_field(field, expected):
    assert read_employment_type(field) == expected


REMOTE = [
    ("VP of Engineering (Remote, US)", True),
    ("Acme | REMOTE | Full-time", True),
    ("Acme | ONSITE or REMOTE | Full-time", True),
    ("Acme | US Remote | Engineers", True),
    ("- Full-time, remote anywhere in the United States", True),
    ("We are fully remote, with two company weeks a year.", True),
    ("フルリモート勤務可。出社の義務はありません。", True),
    ("全国どこからでも働けます（フルリモート）。年2回の出社があります。", True),
    ("完全在宅", True),
    ("働き方：週3日出社、ほかは在宅勤務可", False),
    ("原則出社", False),
    ("客先に常駐", False),
    ("リモート可（週2日まで）", False),
    ("Hybrid: three days a week in our Manchester office", False),
    ("on site in New York, NY, four days a week", False),
    ("We ask for two days a week there.", False),
    ("Acme | Onsite (remote until August)", False),
    ("This is not a remote position.", False),
    ("Remote 2 days a week", False),
    ("リモート勤務は不可です", False),
    ("You will manage remote teams in Brazil.", None),
    ("An on-site interview ends the process.", None),
    ("hybrid cloud and remote sensing", None),
    ("We build software.", None),
    ("collection, both in-field and remote, for customers", None),
    ("Unless formally approved to work fully remotely, we expect you to commute.", None),
    ("unless the text says that the position is fully remote or 100% office-based", None),
    ("Employees spend at least half of their time in their office.", False),
    ("Perks: work from anywhere for four weeks a year", None),
    ("logistics, vendor communication, on-site support", None),
]


@pytest.mark.parametrize(("text", "expected"), REMOTE)
def test_fully_remote(text, expected):
    found = find_remote(text)
    assert (found and found.is_remote) == expected
    if found:
        assert text[found.span.start : found.span.end] == found.span.text


TEAMS = [
    ("lead our 45-person engineering organisation", (45, 45)),
    ("a talented but stretched group of 20", (20, 20)),
    ("We are two founders and eight engineers.", (8, 8)),
    ("You join a team of 5 to 8 engineers.", (5, 8)),
    ("this team of eight", (8, 8)),
    ("We are a team of 8.", (8, 8)),
    ("twelve people report to you", (12, 12)),
    ("エンジニアは現在42名、この2年で倍になりました。", (42, 42)),
    ("社員70名、うちエンジニアは25名。", (25, 25)),
    ("検索チームは7名（バックエンド4名、機械学習2名）", (7, 7)),
    ("hire six engineers in the first year", None),
    ("Recruitment of around eight engineers", None),
    ("experience leading a team of 20 or more", None),
    ("20名以上のソフトウェア開発組織でのマネジメント経験", None),
    ("1年後に60名とする採用計画", None),
    ("a company of 300 people", None),
    ("our diverse team of 800+ colleagues", None),
    ("our team of 800 engineers", (800, 800)),
    ("従業員1,200名", None),
    ("a team of 15 years standing", None),
    ("$20 for engineers", None),
]


@pytest.mark.parametrize(("text", "expected"), TEAMS)
def test_team_size(text, expected):
    found = find_team_size(text)
    assert (found and found.size) == expected
    if found:
        assert text[found.span.start : found.span.end] == found.span.text


REPORTS = [
    ("You will report to the CTO and act as their deputy.", ["cto"]),
    ("レポートライン：CTO", ["cto"]),
    ("You will report to Tomasz, our VP of Engineering.", ["vp_engineering"]),
    ("Reports to the Engineering Manager of the team.", ["engineering_manager"]),
    ("開発マネージャー（部長）が上長となります。", ["engineering_manager"]),
    ("You will report to the CEO.", []),
    ("We report bugs to the vendor.", []),
    ("代表取締役直下", []),
]


@pytest.mark.parametrize(("text", "roles"), REPORTS)
def test_reporting_line(text, roles):
    found = find_reports_to(text, find_mentions(text, ["software_engineer"], "Engineer"))
    assert [one.role_id for one in found] == roles
    assert all(text[one.span.start : one.span.end] == one.span.text for one in found)


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("Executive Assistant to the CTO", ["cto"]),
        ("VPoEアシスタント（運営サポート）", ["vp_engineering"]),
        ("Assistant to the Sales Director", []),
        ("Senior Engineer", []),
    ],
)
def test_whom_an_assistant_assists(title, roles):
    found = find_reports_to("", [], title)
    assert [one.role_id for one in found] == roles
    assert all(title[one.span.start : one.span.end] == one.span.text for one in found)


def test_reporting_to_the_author():
    text = "Hi, I'm Priya, VP of Engineering at Owl.\n\nYou would report to me directly."
    found = find_reports_to(text, find_mentions(text, ["software_engineer"], "Engineer"))
    assert [(one.role_id, one.span.text) for one in found] == [("vp_engineering", "report to me")]


def every_line(_, folded):
    start = 0
    for text in folded.split("\n"):
        yield Line(start, text)
        start += len(text) + 1


def test_the_cheap_pass_loses_no_line(shared, monkeypatch):
    posts = shared / "data/hn_who_is_hiring/posts.parquet"
    query = "select text from read_parquet(?) using sample 1500 rows (reservoir, 11)"
    texts = [row[0] for row in duckdb.execute(query, [str(posts)]).fetchall()]
    finders = [find_employment_type, find_remote, find_team_size, find_salary]
    cheap = [[find(text) for text in texts] for find in finders]
    monkeypatch.setattr(LineFilter, "lines", every_line)
    for find, found in zip(finders, cheap, strict=True):
        differing = [text for text, one in zip(texts, found, strict=True) if find(text) != one]
        assert (find.__name__, differing) == (find.__name__, [])


def test_cues_are_unique():
    rows = (ROOT / "taxonomy/terms_cues.csv").read_text("utf-8").splitlines()
    assert len(rows) == len(set(rows))

"""No contact reaches any file: store, bodies, published file, Parquet, report, log. All invented."""

import html
import json
import logging
import re
import unicodedata
from itertools import product

import duckdb
import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.nightly import extract_new
from tests.faults import FaultServer, Reply, World, gh_path, job_page, row, sitemap
from warehouse.build import build
from warehouse.publish import publish
from warehouse.report.site import publish_report

NAMES = ("jo.doe", "sato_hanako", "hr+jobs", "y-tanaka", "m.o'brien")
HOSTS = ("acme.example", "mail.acme.example", "saiyo.example.co.jp", "xn--eckwd4c7c.example")
AT = ("@", " (at) ", "&#64;", "＠", " [at] ")
PEOPLE = ("Jane Invented", "山田太郎", "佐藤 花子", "J. R. Invented", "ジョン・ドウ")
TITLES = ("Recruiter: ", "採用担当：", "担当者: ", "Contact person: ")
ADDRESSES = [f"{name}{at}{host}" for name, at, host in product(NAMES, AT, HOSTS)]
DIGITS = [f"{number:08d}" for number in range(12345670, 12345700, 3)]
NUMBERS = [
    form.format(a=one[:4], b=one[4:])
    for one in DIGITS
    for form in (
        "03-{a}-{b}",
        "090-{a}-{b}",
        "+81-3-{a}-{b}",
        "＋81-90-{a}-{b}",
        "TEL: 03{a}{b}",
        "電話：03({a}){b}",
        "+1 (415) 555-{b}",
        "０３－{a}－{b}",
    )
]
PERSONS = [f"{title}{person}" for title, person in zip(TITLES * 5, PEOPLE * 4, strict=True)]
DIGITS_KEPT = 8  # the last ones, by which a number is known again
NUMBER = re.compile(r"\d(?:[-.\s()]{0,3}\d){8,14}")
CORPUS = [*ADDRESSES, *NUMBERS, *PERSONS]


def normal(text):
    return unicodedata.normalize("NFKC", text)


DIGITS_OF = {re.sub(r"\D", "", normal(number))[-DIGITS_KEPT:] for number in NUMBERS}


def traces(text):
    """What of the corpus is left in a text, however it is written."""
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    plain = html.unescape(html.unescape(plain))
    numbers = {re.sub(r"\D", "", one)[-DIGITS_KEPT:] for one in NUMBER.findall(normal(plain))}
    found = [host for host in HOSTS if re.search(rf"(?:@|＠|at\W{{1,3}}){re.escape(host)}", plain)]
    found += sorted(numbers & DIGITS_OF)
    found += [one for one in PEOPLE if one in plain]
    return found + [name for name in NAMES if re.search(rf"{re.escape(name)}\s?(?:@|＠)", plain)]


@pytest.fixture(scope="module")
def contents_of_files(tmp_path_factory):
    """A night whose postings carry the corpus, published and reported; every file as text."""
    records = []
    keeper = logging.Handler()
    keeper.emit = lambda record: records.append(record.getMessage())
    logging.getLogger().addHandler(keeper)
    world = World(tmp_path_factory.mktemp("privacy") / "data")
    jobs = [
        {
            "id": number,
            "title": f"VP of Engineering {number}",
            "content": html.escape(f"<p>You lead engineers. Write to: {contact} today.</p>"),
            "location": {"name": "Tokyo"},
            "recruiter": {"note": contact},
        }
        for number, contact in enumerate(CORPUS)
    ]
    listing = json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}).encode()
    pages = {str(number): "2026-01-01" for number in range(3)}
    answers = {
        gh_path("acme"): Reply(body=listing),
        "/site.example/sitemap.xml": sitemap("site", pages),
    }
    answers |= {
        f"/site.example/jobs/{number}": job_page("CTO", f"Call {NUMBERS[0]} or {ADDRESSES[0]}")
        for number in pages
    }
    answers[gh_path("broken")] = Reply(body=f"<p>{ADDRESSES[0]} {NUMBERS[1]}</p>".encode())
    with FaultServer(answers) as host:
        boards = [row("greenhouse", "acme"), row("greenhouse", "broken"), row("jsonld", "site")]
        world.run(boards, dict.fromkeys(("greenhouse", "jsonld"), host.base_url))
    where = world.workspace
    extract_new(where)
    build(where)
    publish(where, accept=("newest_night_was_seen",))
    publish_report(where)
    logging.getLogger().removeHandler(keeper)
    found = {"log": "\n".join(records)}
    for path in sorted(world.root.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(world.root))] = as_text(path)
    return found


def as_text(path):
    """A file's bytes, and what is packed in them."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.name.endswith(".warc.gz"):
        with path.open("rb") as file:
            bodies = [one.content_stream().read() for one in ArchiveIterator(file)]
        return text + "\n".join(body.decode() for body in bodies)
    if path.suffix in {".duckdb", ".parquet"}:
        return text + "\n".join(rows_of(path))
    return text


def rows_of(path):
    if path.suffix == ".parquet":
        with duckdb.connect() as anywhere:
            yield str(anywhere.execute("from read_parquet(?)", [str(path)]).fetchall())
        return
    with duckdb.connect(str(path), read_only=True) as file:
        tables = file.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            yield str(file.execute(f'from "{schema}"."{table}"').fetchall())


def test_the_corpus_is_as_large_as_promised_and_would_be_found():
    assert len(set(CORPUS)) >= 200
    assert [one for one in CORPUS if not traces(f"Write to: {one} today.")] == []


def test_every_kind_of_file_is_there(contents_of_files):
    names = "\n".join(contents_of_files)
    for kind in ("store.duckdb", "vpoe.duckdb", ".warc.gz", ".parquet", "reports/", ".html", "log"):
        assert kind in names
    assert "You lead engineers" in contents_of_files["store.duckdb"]
    warcs = [text for name, text in contents_of_files.items() if name.endswith(".warc.gz")]
    assert any("You lead engineers" in text for text in warcs)
    assert "broken" in "".join(
        text for name, text in contents_of_files.items() if name.startswith("reports/")
    )


def test_no_contact_is_left_anywhere(contents_of_files):
    left = {name: found for name, text in contents_of_files.items() if (found := traces(text))}
    assert left == {}

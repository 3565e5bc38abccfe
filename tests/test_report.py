"""The report's pages, read by a parser: what they say of small worlds, and that no text runs in them."""

import csv
import http.client
import io
import json
import re
import threading
import xml.etree.ElementTree as ET
from datetime import date

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands import report
from tests.hostile import HOSTILE
from tests.stores import TAXONOMY, TITLES, Ad, Board, ads, make_store
from warehouse.build import build
from warehouse.errors import NotPublishedError
from warehouse.publish import point_link
from warehouse.query import open_published
from warehouse.report import explore, publish_report, write_report
from warehouse.report import site as site_module
from warehouse.report.figures import Figure, band, bars, dated, dots, lines
from warehouse.report.postings import quotation, safe_url
from warehouse.report.site import LANGUAGES, PAGES
from warehouse.report.words import WORDS
from warehouse.trend import trend
from warehouse.workspace import Workspace

NIGHTS = 70


def publish(folder, boards, **kwargs):
    workspace = Workspace(folder)
    make_store(workspace.store, boards, **kwargs)
    build(workspace, taxonomy=TAXONOMY)
    workspace.new_warehouse.rename(workspace.warehouse)
    return workspace


def market():
    """Five invented employers with a VPoE each, two of them from the tenth night on; two CTOs."""
    for number in range(5):
        start = 10 if number > 2 else 0
        extra = (Ad("cto", title="CTO"),) if number < 2 else ()
        listed = (*ads("vpoe", skills=("python",)), *extra)
        yield Board(f"employer{number}", [extra] * start + [listed] * (NIGHTS - start))


def read(file):
    return LexborHTMLParser(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("report"), list(market()))


@pytest.fixture(scope="module")
def site(workspace):
    folder = workspace.root / "site"
    write_report(workspace, folder)
    return folder


def test_every_page_is_there_in_both_languages(site):
    assert WORDS["en"].keys() == WORDS["ja"].keys()
    for lang in LANGUAGES:
        for name in PAGES:
            page = read(site / lang / f"{name}.html")
            assert page.css_first("html").attributes["lang"] == lang
            assert page.css_first("nav a[aria-current]").text() == WORDS[lang][name]
            assert len(page.css("h1")) == 1


def test_every_local_link_leads_somewhere_and_nothing_comes_from_elsewhere(site):
    for file in site.rglob("*.html"):
        page = read(file)
        for node in page.css("[src], link[href], a[href]"):
            target = node.attributes.get("src") or node.attributes["href"]
            if target.startswith("#"):
                assert page.css_first(target), (file, target)
            elif "external" not in (node.attributes.get("rel") or ""):
                path, _, place = target.partition("#")
                leads_to = (file.parent / path).resolve()
                assert leads_to.is_file(), (file, target)
                assert not place or read(leads_to).css_first(f"#{place}"), (file, target)
    for text in ((site / "app.js").read_text(), (site / "style.css").read_text()):
        assert "http" not in text


def test_scripts_come_from_files_alone_and_the_policy_says_so(site):
    for file in site.rglob("*.html"):
        page = read(file)
        policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
        scripts = re.search(r"script-src ([^;]*)", policy).group(1)
        is_engine = file.name == "explore.html"
        assert scripts == ("'self' 'wasm-unsafe-eval'" if is_engine else "'self'"), policy
        for script in page.css("script"):
            kind = script.attributes.get("type")
            assert kind == "application/json" or script.attributes["src"].endswith(".js")


def test_each_chart_has_words_a_table_a_picture_and_its_figures(site):
    charts = 0
    for lang in LANGUAGES:
        for name in PAGES:
            for figure in read(site / lang / f"{name}.html").css("figure"):
                charts += 1
                chart = figure.css_first(".chart")
                spec = json.loads(figure.css_first("script").text())
                assert spec["description"] == chart.attributes["aria-label"]
                assert len(chart.attributes["aria-label"]) > 20
                rows = len(figure.css("tbody tr"))
                stem = site / lang / "figures" / figure.attributes["id"]
                values = list(csv.reader(io.StringIO(stem.with_suffix(".csv").read_text())))
                assert len(values) == rows + 1
                assert stem.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
                assert ET.parse(stem.with_suffix(".svg")).getroot().tag.endswith("svg")
    assert charts >= 2 * 8


def test_the_front_shows_what_trend_and_claim_say(workspace, site):
    page = read(site / "en" / "index.html")
    newest = trend(workspace, "vp_engineering", "week").rows[-1]
    shown = [node.text() for node in page.css(".newest dd")]
    assert shown == ["5", "5", f"{newest.share_per_10000:,.1f}"]
    headline = json.loads((site / "en" / "headline.json").read_bytes())
    assert headline["newest_period"]["active_openings"] == 5
    said = headline["sentence"] or headline["reason"]
    assert page.css_first("h1").text().casefold() == said.casefold()
    assert headline["as_of_date"] == "2026-03-11"
    entry = ET.parse(site / "en" / "feed.xml").find(".//{*}entry/{*}title")
    assert entry.text == said


def test_a_role_of_fewer_than_three_employers_is_a_count_without_names(site):
    page = read(site / "en" / "postings.html")
    assert "employer3" in page.css_first("#vp_engineering").text()
    assert len(page.css("#vp_engineering .postings li")) == 5
    two = page.css_first("#cto").text()
    assert "2 postings, of fewer than 3 employers" in two
    assert "employer0" not in two
    assert page.css_first("#cto a") is None
    assert WORDS["en"]["nothing"] in page.css_first("#vp_product").text()


def test_hostile_texts_are_words_and_nothing_else(tmp_path, monkeypatch):
    for title in HOSTILE:
        monkeypatch.setitem(TITLES, title, ["vp_engineering"])
    boards = [
        Board(f"board{number}", [(Ad("a", title=title, location=title),)] * 3, employer=title)
        for number, title in enumerate(HOSTILE)
    ]
    workspace = publish(tmp_path, boards)
    write_report(workspace, tmp_path / "site")
    for file in (tmp_path / "site").rglob("*.html"):
        page = read(file)
        assert not page.css("svg, iframe, object, [onerror], [onload], a[href^=javascript]")
        assert all(
            node.attributes["src"].startswith(("figures/", "../figures/"))
            for node in page.css("img")
        )
        for script in page.css("script"):
            assert script.attributes.get("src") or json.loads(script.text())
        assert "\x1b" not in file.read_text()
        assert "\u202e" not in file.read_text()
        assert "\u200b" not in file.read_text()
    shown = read(tmp_path / "site" / "en" / "postings.html").css_first("#vp_engineering").text()
    for title in HOSTILE[:5]:
        assert title in shown
    assert "49" not in [
        node.text() for node in read(tmp_path / "site" / "en" / "postings.html").css("h3")
    ]
    for file in (tmp_path / "site").rglob("*.svg"):
        if file.name != "icon.svg":
            names = {one.tag.rpartition("}")[2] for one in ET.parse(file).iter()}
            assert not names & {"script", "foreignObject", "image", "a", "use"}, (file, names)
    for file in (tmp_path / "site").rglob("*.csv"):
        with file.open(newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    for file in (tmp_path / "site").rglob("*.xml"):
        ET.parse(file)
    for file in (tmp_path / "site").rglob("*.json"):
        json.loads(file.read_text())


@pytest.mark.parametrize(
    ("boards", "expected"),
    [
        ([Board("one", [ads("a")])], ["1", "1", "10,000.0"]),
        ([Board("nobody", [(Ad("a", title="Accountant"),)] * 3)], ["0", "0", "0.0"]),
        ([Board("empty", [()] * 3)], []),
        ([Board("broken", ["timeout"] * 3)], []),
        ([Board("2026-01", [ads("a", "b")], source="hackernews", kind="flow", employer=None)], None),
    ],
    ids=["one night", "no VPoE", "no posting", "all failed", "a thread alone"],
)  # fmt: skip
def test_small_worlds_have_whole_reports(tmp_path, boards, expected):
    workspace = publish(tmp_path, boards)
    pages = write_report(workspace, tmp_path / "site")
    assert len(pages) == len(PAGES) * len(LANGUAGES) + 1
    front = read(tmp_path / "site" / "en" / "index.html")
    assert front.css_first("h1").text()
    if expected is not None:
        assert [node.text() for node in front.css(".newest dd")] == expected
    for page in pages:
        assert "None" not in read(page).css_first("main").text()


def test_twenty_years_have_readable_charts_and_a_season(tmp_path):
    """240 threads of ten posts; in each April two more are for a VPoE."""
    threads = [
        Board(
            f"{2006 + number // 12}-{1 + number % 12:02}",
            [(*ads("a"), *(Ad(f"x{one}", title="Accountant") for one in range(9)),
              *(ads("b", "c") if number % 12 == 3 else ()))],
            source="hackernews",
            kind="flow",
            employer=None,
        )
        for number in range(240)
    ]  # fmt: skip
    workspace = publish(tmp_path, threads, first=date(2026, 1, 1))
    write_report(workspace, tmp_path / "site")
    front = read(tmp_path / "site" / "en" / "index.html")
    shares = json.loads(front.css_first("#spec-share").text())["data"]["values"]
    assert len(shares) == 20  # by year: a month holds too few
    rows = [[cell.text() for cell in row.css("td")] for row in front.css("#season tbody tr")]
    assert [row[0] for row in rows[:4]] == ["Jan", "Feb", "Mar", "Apr"]
    assert [row[1] for row in rows[2:4]] == ["1,000.0", "2,500.0"]  # 20 of 200, 60 of 240
    assert not read(tmp_path / "site" / "ja" / "roles.html").css("#season")


def test_shared_links_have_a_picture_with_a_whole_address(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("VPOE_REPORT_URL", "https://demand.example/")
    write_report(workspace, tmp_path / "site")
    page = read(tmp_path / "site" / "ja" / "roles.html")
    picture = page.css_first("meta[property='og:image']").attributes["content"]
    assert picture == "https://demand.example/ja/figures/roles.png"
    assert (tmp_path / "site" / "ja" / "figures" / "roles.png").is_file()


def test_without_a_published_file_there_is_no_report(tmp_path):
    with pytest.raises(NotPublishedError, match="vpoe nightly"):
        write_report(Workspace(tmp_path), tmp_path / "site")
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_left_alone(workspace, tmp_path):
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FileExistsError, match="other files"):
        write_report(workspace, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_edition_replaces_that_of_its_day_and_the_link_is_never_without_one(workspace):
    front = publish_report(workspace)
    assert workspace.report_latest.readlink().name == "2026-03-11.1"
    assert publish_report(workspace) == front
    assert workspace.report_latest.readlink().name == "2026-03-11.2"
    kept = {one.name for one in workspace.report_latest.parent.iterdir()}
    assert kept == {"latest", "2026-03-11.2"}
    assert front.exists()


def test_editions_share_what_is_the_same_and_the_newest_alone_has_the_file(workspace, monkeypatch):
    folder = workspace.root / "engine"
    folder.mkdir(exist_ok=True)
    for name in explore.ENGINE:
        (folder / name).write_bytes(b"the engine")
    for module in (explore, site_module):
        monkeypatch.setattr(module, "ENGINE_DIR", folder)
    publish_report(workspace)
    first = workspace.report_latest.resolve()
    older = first.rename(first.with_name("2026-01-01.1"))  # as if it were of another day
    point_link(workspace.report_latest, older)
    publish_report(workspace)
    newer = workspace.report_latest.resolve()
    for name in ("vega.js", "engine/duckdb-eh.wasm", "en/figures/new.csv"):
        assert (newer / name).samefile(older / name), name
    assert (newer / "data" / "vpoe.duckdb").read_bytes() == workspace.warehouse.read_bytes()
    assert not (older / "data" / "vpoe.duckdb").exists()
    assert (older / "data" / "role_index.parquet").exists()


def test_tables_are_taken_home_as_parquet(site):
    found = duckdb.sql(f"select count(*) from '{site}/data/roles.parquet'").fetchall()
    assert found == [(len(TAXONOMY["taxonomy_roles"]),)]
    links = {
        node.attributes.get("href")
        for node in read(site / "ja" / "explore.html").css("a[download]")
    }
    assert {f"../data/{name}.parquet" for name in explore.TAKEN_HOME} <= links


def test_the_command_writes_and_says_where(workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("VPOE_HOME", str(workspace.root))
    result = CliRunner().invoke(app, ["report", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "out" / "index.html") in result.output.replace("\n", "")


def test_it_is_shown_on_loopback(site, monkeypatch):
    ports = []
    monkeypatch.setattr(report.typer, "echo", ports.append)
    servers = []
    start = report.ThreadingHTTPServer.serve_forever

    def note(server, *args):
        servers.append(server)
        asked = threading.Thread(target=ask, args=(server,))
        asked.start()
        start(server, *args)
        asked.join()

    answers = []

    def ask(server):
        host, port = server.server_address
        connection = http.client.HTTPConnection(host, port, timeout=10)
        connection.request("GET", "/en/index.html")
        answers.append((host, connection.getresponse().status))
        server.shutdown()

    monkeypatch.setattr(report.ThreadingHTTPServer, "serve_forever", note)
    monkeypatch.setattr(report.SimpleHTTPRequestHandler, "log_message", lambda *args: None)
    report.show(site)
    assert answers == [("127.0.0.1", 200)]
    assert f":{servers[0].server_port}/" in ports[0]


@pytest.mark.parametrize(
    ("excerpt", "text", "expected"),
    [
        (None, None, None),
        ("We hire a VPoE now", "VPoE", ("We hire a ", "VPoE", " now")),
        ("VPoE", "VPoE", ("", "VPoE", "")),
        ("no such words", "VPoE", ("", "", "no such words")),
        ("a" * 300 + "VPoE", "VPoE", ("a" * 196, "VPoE", "")),
    ],
)
def test_a_quotation_keeps_its_evidence_in_200_characters(excerpt, text, expected):
    found = quotation(excerpt, text)
    assert (found and (found.before, found.evidence, found.after)) == expected


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [("https://a.example/1", True), ("javascript:alert(1)", False), ("//a.example", False), (None, False), ("data:text/html,x", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(url, is_safe):
    assert (safe_url(url) is not None) == is_safe


def test_a_csv_holds_no_formula():
    figure = Figure("a", "b", "c", "d", ("x",), [["=1+1"]], ("x",), [["=1+1"]], {})
    assert figure.csv() == "x\r\n'=1+1\r\n"


def test_a_wide_interval_does_not_flatten_the_values():
    point = {"day": "2026-01-01", "start": "2026-01-01", "end": "2026-02-01", "value": 10, "low": 0, "high": 900, "is_provisional": False}  # fmt: skip
    for spec in (band([point]), bars([point])):
        layers = [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"]]
        assert layers[0] == [0, 25]


def test_open_ends_of_differences_show_the_zero():
    point = {"label": "a", "series": "b", "value": -0.1, "low": -0.2, "high": 0.1, "is_context": False}  # fmt: skip
    assert dots([point])["layer"][0]["encoding"] == {"x": {"datum": 0}}
    assert dots([{**point, "low": 0.0}])["layer"][0]["mark"]["type"] == "rule"


def line(name, *values, low=None, high=None):
    return [
        {"day": f"2026-01-0{day}", "series": name, "value": value, "low": low, "high": high, "is_provisional": False}
        for day, value in enumerate(values, 1)
    ]  # fmt: skip


def labels(spec):
    """The texts of the labels, from the lowest to the highest, each with its height."""
    layer = next(one for one in spec["layer"] if one["mark"]["type"] == "text")
    return sorted((one["at"], one["text"]) for one in layer["data"]["values"])


def test_lines_are_named_at_their_ends_and_no_name_lies_on_another():
    spec = lines([*line("strict", 1, 12, 10), *line("broad", 52, 40, 26), *line("kept", 9, 12, 10)])
    found = labels(spec)
    assert [text for _, text in found] == ["strict 10", "kept 10", "broad 26"]
    assert found[0][0] == 10
    assert [round(one[0] - found[0][0]) for one in found[1:]] == [4, 16]  # 20 of 260 pixels are 4
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 52]
    assert all(layer["encoding"]["color"].get("legend") is None for layer in spec["layer"])


def test_one_line_is_written_with_its_newest_value_and_interval():
    (label,) = labels(band(line(None, 200, 325.4, low=182.7, high=573.3)))
    assert label == (325.4, "325 (183–573)")
    assert labels(lines(line("carried", 0.5, 0.25), "%"))[0][1] == "carried 25%"
    assert labels(lines(line("employers", 2, 0.25)))[0][1] == "employers 0.2"
    assert not [one for one in band(line(None, None))["layer"] if one["mark"]["type"] == "text"]


def test_days_of_an_axis_are_written_as_the_language_does():
    spec = band(line(None, 1, 2))
    assert dated(spec, "ja")["encoding"]["x"]["axis"]["format"]["date"] == "%b%-d日"
    assert "format" not in spec["encoding"]["x"]["axis"]


def test_the_published_file_is_not_held_open(workspace, site):
    with open_published(workspace.warehouse) as connection:
        assert connection.execute("select count(*) from boards").fetchall() == [(5,)]

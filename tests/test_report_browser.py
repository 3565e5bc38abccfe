"""
The report in a real browser, from a static host on loopback: charts, keys, narrow screens, SQL, and
no word on the console, no request elsewhere, no violation that axe-core finds.
"""

import gzip
from contextlib import ExitStack
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser import CHROMIUM, DRAWN, open_browser
from tests.browser import serve as serve_folder
from tests.hostile import HOSTILE
from tests.stores import TITLES, Ad, Board
from tests.test_report import market, publish
from warehouse.cookbook import QUERIES_DIR
from warehouse.report import write_report
from warehouse.report.explore import ENGINE_DIR, has_engine
from warehouse.report.site import LANGUAGES, PAGES
from warehouse.report.words import WORDS

WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
AXE = ENGINE_DIR / "axe.min.js"
NO_ENGINE = "no SQL engine; run: make site-assets"
ASKED = "() => document.getElementById('run').disabled === false && !document.getElementById('result').hidden"
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium; install it or name it in VPOE_CHROMIUM"
)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def serve():
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(serve_folder(folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    workspace = publish(tmp_path_factory.mktemp("browser"), list(market()))
    write_report(workspace, workspace.root / "site")
    return workspace.root / "site"


@pytest.fixture(scope="module")
def site(folder, serve):
    return serve(folder)


class Visit:
    """A page, and all that it said or asked for."""

    def __init__(self, browser, size, **options):
        self.context = browser.new_context(viewport=size, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("dialog", lambda one: (self.complaints.append(one.message), one.dismiss()))
        self.page.on("request", lambda one: self.requests.append(one.url))

    def open(self, address):
        self.page.goto(address)
        self.page.wait_for_function(DRAWN)
        return self.page

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "360 pixels"])
def test_a_page_draws_its_charts_and_the_console_is_silent(browser, site, lang, name, size):
    with Visit(browser, size) as visit:
        page = visit.open(f"{site}/{lang}/{name}.html")
        assert page.locator(".chart img").count() == 0
        assert (
            page.locator(".chart svg").count()
            == page.locator("figure").count() - page.locator("figure .notice").count()
        )
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
        if name == "explore" and has_engine():
            page.wait_for_function(ASKED)
        assert visit.complaints == []
        assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(site).netloc}


def test_a_page_weighs_less_than_500_kb_packed(folder):
    pages = [page for lang in LANGUAGES for page in (folder / lang).rglob("*.html")]
    assert len(pages) > len(LANGUAGES) * len(PAGES)  # the embedded charts too
    for page in pages:
        shared = (folder / file for file in ("style.css", "app.js", "explore.js", "vega.js"))
        weight = sum(len(gzip.compress(file.read_bytes())) for file in (page, *shared))
        assert weight < 500_000, (page, weight)


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core; run: make site-assets")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_no_serious_violation(browser, site, lang):
    with Visit(browser, WIDE, bypass_csp=True) as visit:
        for name in (*PAGES, "embed/share", "embed/roles"):
            page = visit.open(f"{site}/{lang}/{name}.html")
            page.evaluate(
                "() => document.querySelectorAll('details').forEach((one) => one.open = true)"
            )
            page.add_script_tag(path=AXE)
            found = page.evaluate("() => axe.run()")["violations"]
            serious = [
                (name, one["id"], [node["html"][:120] for node in one["nodes"][:3]])
                for one in found
                if one["impact"] in {"serious", "critical"}
            ]
            assert serious == []


def test_keys_reach_the_content_the_pages_and_the_other_language(browser, site):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/en/roles.html")
        seen = []
        for _ in range(len(PAGES) + 3):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("() => document.activeElement.textContent.trim()"))
        words = WORDS["en"]
        assert seen == [words["skip"], words["site"], "日本語", *(words[name] for name in PAGES)]
        page.goto(f"{site}/en/roles.html")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.click(".language")
        assert page.url == f"{site}/ja/roles.html"
        assert page.locator("h1").first.text_content() == WORDS["ja"]["roles_title"]


def test_figures_are_downloaded(browser, site):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/en/index.html")
        starts = {"SVG": b"<svg", "PNG": b"\x89PNG", "CSV": b"period"}
        for form, start in starts.items():
            with page.expect_download() as download:
                page.locator(".downloads a", has_text=form).first.click()
            assert download.value.path().read_bytes().startswith(start)


def test_a_chart_is_embedded_elsewhere(browser, site, serve, tmp_path):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/ja/index.html")
        page.locator("#active details", has_text=WORDS["ja"]["embed"]).locator("summary").click()
        snippet = page.locator("#active .embed").text_content()
    assert f'src="{site}/ja/embed/active.html"' in snippet
    (tmp_path / "blog.html").write_text(f"<!doctype html><title>A blog</title>{snippet}")
    with Visit(browser, NARROW) as visit:
        visit.page.goto(f"{serve(tmp_path)}/blog.html")
        frame = visit.page.frame_locator("iframe")
        frame.locator(".chart svg").wait_for()
        assert "月" in frame.locator(".chart svg").text_content()  # the axis is Japanese too
        height = visit.page.locator("iframe").evaluate("(one) => one.clientHeight")
        assert frame.locator("body").evaluate("(one) => one.scrollHeight") <= height
        assert frame.locator("figure a").get_attribute("href") == "../index.html#active"


def test_printed_pages_have_no_menu_and_whole_tables(browser, site):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/en/index.html")
        assert not page.locator("#share table").is_visible()
        page.emulate_media(media="print")
        page.pdf()
        assert not page.locator("nav").is_visible()
        assert page.locator("h1").first.is_visible()
        assert page.locator("#share table").is_visible()
        assert not page.locator("#share .embed").is_visible()


@pytest.mark.skipif(not has_engine(), reason=NO_ENGINE)
def test_questions_are_answered_in_the_browser(browser, site):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/en/explore.html")
        page.wait_for_function(ASKED)
        names = [file.stem for file in sorted(QUERIES_DIR.glob("*.sql"))]
        for name in names:
            page.select_option("#recipe", name)
            page.wait_for_function(ASKED)
            assert page.locator("#error").is_hidden(), (name, page.locator("#error").text_content())
            assert page.locator("#rows th").count() > 0
        assert len(names) > 10
        assert visit.complaints == []


@pytest.mark.skipif(not has_engine(), reason=NO_ENGINE)
def test_a_link_carries_its_question_and_a_wrong_one_is_told(browser, site):
    with Visit(browser, WIDE) as visit:
        page = visit.open(f"{site}/ja/explore.html")
        page.wait_for_function(ASKED)
        page.fill("#sql", "select role_id, 3 as n from roles where role_id = 'cto'")
        page.keyboard.press("Control+Enter")
        page.wait_for_function("() => document.querySelectorAll('#rows td').length === 2")
        address = page.url
        with page.expect_download() as download:
            page.click("#csv")
        assert download.value.path().read_bytes() == b"role_id,n\r\ncto,3\r\n"
        page.fill("#sql", "drop table roles")
        page.click("#run")
        page.wait_for_function("() => !document.getElementById('error').hidden")
        assert "read-only" in page.locator("#error").text_content()
    with Visit(browser, WIDE) as visit:
        page = visit.open(address)
        page.wait_for_function(ASKED)
        assert page.locator("#rows td").all_text_contents() == ["cto", "3"]
        assert unquote(urlsplit(page.url).fragment).startswith("select role_id")


def test_from_disk_all_but_the_engine_works(browser, folder):
    with Visit(browser, WIDE) as visit:
        visit.open((folder / "en" / "index.html").as_uri())
        assert visit.complaints == []
        page = visit.open((folder / "en" / "explore.html").as_uri())
        told = page.locator("#error" if has_engine() else ".notice").text_content()
        assert "vpoe report" in told


def test_hostile_texts_do_nothing(browser, serve, tmp_path, monkeypatch):
    assert len(set(HOSTILE)) == 100
    for title in HOSTILE:
        monkeypatch.setitem(TITLES, title, ["vp_engineering"])
    boards = [
        Board(f"board{number}", [(Ad("a", title=title, location=title),)] * 3, employer=title)
        for number, title in enumerate(HOSTILE)
    ]
    workspace = publish(tmp_path, boards)
    write_report(workspace, tmp_path / "site")
    address = serve(tmp_path / "site")
    with Visit(browser, NARROW) as visit:
        for name in PAGES:
            page = visit.open(f"{address}/en/{name}.html")
            if name == "explore" and has_engine():
                page.wait_for_function(ASKED)
                page.fill("#sql", "select title, employer, 1 as n from postings")
                page.click("#run")
                page.wait_for_function("() => document.querySelectorAll('#rows td').length > 200")
            assert page.evaluate("() => window.hit") is None
            assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]
        assert visit.complaints == []
        assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(address).netloc}

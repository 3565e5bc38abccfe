"""The report's pages in a real browser, opened from disk: charts draw, and nothing is complained of."""

import os
import shutil
import subprocess

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.test_report import market, publish
from warehouse.report import write_report
from warehouse.report.site import LANGUAGES, PAGES

CHROMIUM = os.environ.get("VPOE_CHROMIUM") or shutil.which("chromium")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-logging=stderr", "--virtual-time-budget=8000", "--dump-dom"),
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium; install it or name it in VPOE_CHROMIUM"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    workspace = publish(tmp_path_factory.mktemp("browser"), list(market()))
    write_report(workspace, workspace.root / "site")
    return workspace.root / "site"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_its_charts_and_the_console_is_silent(site, tmp_path, lang, name):
    file = site / lang / f"{name}.html"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", file.as_uri()]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    page = LexborHTMLParser(ended.stdout)
    charts = page.css(".chart")
    assert len(charts) == len(page.css("figure"))
    for chart in charts:
        assert chart.css_first(".drawing svg"), chart.html[:300]
        assert chart.css_first("img") is None
    console = [line for line in ended.stderr.splitlines() if ":CONSOLE:" in line]
    assert console == []

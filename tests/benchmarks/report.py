"""How soon a reader sees the first chart of the report's front page, beside its first words."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.table import Row
from tests.browser import CHROMIUM, open_browser, serve
from tests.test_report import market, publish
from warehouse.report import write_report

VISITS = 7  # each with an empty cache; the median counts
WATCH = """
    new MutationObserver(() => {
        if (!window.drawnAt && document.querySelector('.chart svg')) window.drawnAt = performance.now();
    }).observe(document, { childList: true, subtree: true });
"""
FIRST_WORDS = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure() -> list[Row]:
    """Empty where there is no browser."""
    if not CHROMIUM:
        return []
    with tempfile.TemporaryDirectory() as folder:
        workspace = publish(Path(folder), list(market()))
        write_report(workspace, workspace.root / "site")
        chart, words = zip(*_visits(workspace.root / "site"), strict=True)
    return [Row("first chart of the front page, after", median(chart), "ms", median(words))]


def _visits(site: Path) -> Iterator[tuple[float, float]]:
    with serve(site) as address, open_browser() as browser:
        for _ in range(VISITS):
            page = browser.new_context().new_page()
            page.add_init_script(WATCH)
            page.goto(f"{address}/en/index.html")
            page.wait_for_function("() => window.drawnAt")
            page.wait_for_function(FIRST_WORDS)
            yield page.evaluate("() => window.drawnAt"), page.evaluate(FIRST_WORDS)
            page.context.close()

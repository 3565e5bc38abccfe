"""
Pictures of a report for the README.

    python -m tests.screenshots demo/report/latest docs/img
"""

import sys
from pathlib import Path

from tests.browser import DRAWN, open_browser, serve

SHOTS = {  # the picture, its page, width and height in pixels
    "report-front.png": ("en/index.html", 900, 1100),
    "report-roles.png": ("en/roles.html#responsibility", 900, 620),
    "report-ja.png": ("ja/index.html", 390, 1100),
    "report-explore.png": ("en/explore.html", 900, 1100),
}


def main(report: Path, folder: Path) -> None:
    with serve(report) as address, open_browser() as browser:
        for name, (page_name, width, height) in SHOTS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{address}/{page_name}")
            page.wait_for_function(DRAWN)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / name)
            page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

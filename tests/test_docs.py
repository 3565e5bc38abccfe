"""What docs/ says is so: generated pages are current, named commands and files exist."""

import re
from pathlib import Path

import pytest
import typer

from pipeline.cli import app
from pipeline.commands.docs import pages

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMMAND = typer.main.get_command(app)
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", *ROOT.glob("taxonomy/*.md")])
# Written at run time below VPOE_HOME, or examples of what a reader would add.
NOT_IN_THE_CHECKOUT = ("data/", "demo/", "parquet/", "reports/", "bodies/")


@pytest.mark.parametrize("name", sorted(pages(COMMAND)))
def test_generated_pages_are_current(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages(COMMAND)[name], "run: vpoe docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_commands_exist(page):
    words = set(COMMAND.commands)
    named = set(
        re.findall(r"(?:`|^    )(?:\w+=\S+ )*vpoe ([a-z][a-z-]+)", page.read_text(), re.MULTILINE)
    )
    assert named <= words, f"{page.name} names commands that there are not: {named - words}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page):
    named = re.findall(
        r"`((?:crawler|pipeline|taxonomy|warehouse|tests|docs)/[\w./-]+\.\w+)`", page.read_text()
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [one for one in targets if not (page.parent / one).exists()] == []

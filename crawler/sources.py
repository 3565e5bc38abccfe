"""The sources that there are, and what each states about itself."""

import importlib
import inspect
import re
from datetime import date
from functools import cache
from pathlib import Path

from crawler.boards import SOURCES
from crawler.spiders.base import BoardSpider

SECTIONS = (
    "Publisher",
    "Listing documentation",
    "Terms",
    "Robots",
    "Posted date means",
    "Closes after",
    "Caveats",
    "Checked date",
)


@cache
def load_spiders() -> dict[str, type[BoardSpider]]:
    """Return the spider of each source: the one BoardSpider that its file defines."""
    spiders = {}
    for source in sorted(SOURCES):
        module = importlib.import_module(f"crawler.spiders.{source}")
        (spiders[source],) = (
            member
            for member in vars(module).values()
            if inspect.isclass(member)
            and issubclass(member, BoardSpider)
            and member is not BoardSpider
        )
    return spiders


def metadata(spider: type[BoardSpider]) -> dict[str, str]:
    """Return the sections of a spider's docstring: a title at the margin, its text indented."""
    text = inspect.cleandoc(spider.__doc__ or "")
    sections = re.findall(r"^(\S.*)\n((?:[ ]+\S.*(?:\n|$))+)", text, re.MULTILINE)
    return {title: " ".join(body.split()) for title, body in sections}


def source_page() -> str:
    """Write docs/sources.md: what each spider states, one table and one section a source."""
    spiders = load_spiders()
    lines = [
        "# Sources",
        "",
        "Written by `python -m crawler.sources`, from the docstrings of `crawler/spiders/*.py`; don't",
        "edit it. Addresses and fields are as documented or recorded, never tried live: a case under",
        "`tests/fixtures` proves the parser, not the endpoint. robots.txt is read at run time.",
        "",
        "A source that is off is skipped by every night, with its reason in the report; whoever has",
        "leave to read it names it in `ENABLED_SOURCES` of `crawler/settings.py`. An aggregator",
        "resells what boards list: its postings are kept beside the panel, never counted in it.",
        "",
        "| source | kind | read | texts | posted date means | closes after |",
        "|---|---|---|---|---|---|",
    ]
    for source, spider in spiders.items():
        stated = metadata(spider)
        texts = "a page each" if spider.parse_detail else "in the list"
        posted, closes = (
            re.split(r"[:;]", stated[key])[0] for key in ("Posted date means", "Closes after")
        )
        cells = [f"[{source}](#{source})", spider.kind, stance(spider), texts, posted, closes]
        lines.append(f"| {' | '.join(cells)} |")
    for source, spider in spiders.items():
        address = spider.index_url or spider.listing_url
        method = "POST " if spider.posts else ""
        lines += ["", f"## {source}", "", f"`{method}{address}`", ""]
        lines += [f"- **{title}**: {text}" for title, text in metadata(spider).items()]
    return "\n".join(lines) + "\n"


def stance(spider: type[BoardSpider]) -> str:
    if spider.off_reason is None:
        return "yes"
    until = "" if spider.off_from == date.min else f" from {spider.off_from}"
    return f"off{until}: {spider.off_reason}"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "sources.md").write_text(
        source_page(), encoding="utf-8"
    )

"""The sources that there are, and what each states about itself."""

import importlib
import inspect
import re

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

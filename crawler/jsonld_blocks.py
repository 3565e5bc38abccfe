"""
schema.org JobPostings in a page's JSON-LD, however it is broken or nested (method faults 38 to 40).

The strict parser comes first; a block that it refuses is repaired once, by itself. A block that
stays unreadable costs that block, never the page.
"""

import re
from collections.abc import Iterator
from html import unescape

import orjson
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing import Row, load_json_tolerant

NODES_MAX = 100_000  # of one page's JSON; beyond it is no description of a job
_WRAPPER = re.compile(
    r"^\s*(?:/[/*]\s*)?(?:<!\[CDATA\[|<!--)(?:\s*\*/)?|(?:/[/*]\s*)?(?:\]\]>|-->)(?:\s*\*/)?\s*$"
)
_STRING = r'"(?:[^"\\]|\\.)*+"'
_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/|//[^\n]*", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_MISSING_COMMA = re.compile(rf'({_STRING}|[}}\]])(?=\s*\n\s*["{{]|\s*{{)', re.DOTALL)


def job_postings(html: str) -> tuple[list[Row], int]:
    """Return a page's JobPosting objects in order, and how many unreadable blocks name one."""
    found: list[Row] = []
    unreadable = 0
    for script in LexborHTMLParser(html).css('script[type*="ld+json" i]'):
        text = script.text()
        if "JobPosting" not in text:
            continue
        try:
            found += walk(load_block(text))
        except (ValueError, RecursionError):
            unreadable += 1
    return found, unreadable


def load_block(text: str) -> object:
    """Parse one block. Raises ValueError or RecursionError if repair doesn't help."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        is_escaped = "&quot;" in text and '"' not in text
        return load_json_tolerant(repair(unescape(text) if is_escaped else text))


def repair(text: str) -> str:
    """Take off CDATA and comment wrappers, comments and trailing commas; put in lost commas."""
    text = _WRAPPER.sub("", text).strip().rstrip(";")
    text = _COMMENT.sub(lambda part: part[1] or " ", text)
    text = _TRAILING_COMMA.sub(lambda part: part[1] or "", text)
    return _MISSING_COMMA.sub(r"\1,", text)


def walk(data: object) -> Iterator[Row]:
    """Yield each JobPosting below ``data`` (@graph, arrays, mainEntity, lists), outermost only."""
    pending = [data]
    for _ in range(NODES_MAX):
        if not pending:
            return
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(reversed(node))
        elif isinstance(node, dict):
            if is_job_posting(node.get("@type")):
                yield node
            else:
                pending.extend(reversed(node.values()))
    raise ValueError(f"more than {NODES_MAX} nodes of JSON-LD")


def is_job_posting(kind: object) -> bool:
    """Say whether ``@type`` names a JobPosting: bare, as an address, or in a list."""
    kinds = kind if isinstance(kind, list) else [kind]
    return any(
        isinstance(name, str) and re.split(r"[/#:]", name)[-1] == "JobPosting" for name in kinds
    )

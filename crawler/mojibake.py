"""Texts that their source keeps encoded twice: Ã© for é, ã‚¨ãƒ³ for エン (method fault 37)."""

import re
from operator import attrgetter

import ftfy
from ftfy.badness import is_bad

from crawler.items import Posting

REPLACED = "\ufffd"
TEXTS = ("title", "description_html", "employer_text", "location_text", "department")
_texts_of = attrgetter(*TEXTS)
# The first two bytes of a UTF-8 sequence, each read as a character of Latin-1 or cp1252.
_HINT = re.compile("[Â-ô][\x80-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def mend(posting: Posting) -> Posting:
    """The same posting if nothing in it is encoded twice, or nothing that can be undone."""
    changes = {}
    for name, text in _suspects(posting):
        mended = ftfy.fix_encoding(text)
        if mended != text and REPLACED not in mended:  # else a part of it is lost for good
            changes[name] = mended
    return posting.model_copy(update=changes) if changes else posting


def is_garbled(posting: Posting) -> bool:
    """Whether a text still reads as if it had been decoded wrongly."""
    return any(is_bad(text) for _, text in _suspects(posting))


def _suspects(posting: Posting) -> list[tuple[str, str]]:
    """The texts that may be encoded twice, by field."""
    if "".join(filter(None, _texts_of(posting))).isascii():  # nearly all of them
        return []
    texts = zip(TEXTS, _texts_of(posting), strict=True)
    return [(name, text) for name, text in texts if text and _HINT.search(text)]

"""
Postings to extractions: the spaCy pipeline of `config.cfg`, in one process or several.

Texts and records go between processes, never a Doc, and no Doc outlives its batch, so that a
night's words don't pile up in memory.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config

from pipeline.components import Scope, names_of
from pipeline.extraction import Extraction, Posting
from pipeline.processes import map_batches
from pipeline.text import language

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "pipeline" / "config.cfg"
READERS = (
    "pipeline.extractor",
    "pipeline.rows",
)  # what is stored depends on them and their imports

_IMPORT = re.compile(rb"^(?:from|import) ((?:pipeline|taxonomy)\.\w+)", re.MULTILINE)


def sources_read() -> dict[str, bytes]:
    """Return the source of every module that decides what is stored, by what imports what."""
    sources: dict[str, bytes] = {}
    found = list(READERS)
    while found:
        module = found.pop()
        if module not in sources:
            sources[module] = (ROOT / f"{module.replace('.', '/')}.py").read_bytes()
            found += [name.decode() for name in _IMPORT.findall(sources[module])]
    return sources


def vocabulary(folder: Path = ROOT / "taxonomy") -> dict[str, bytes]:
    """Return the files of a taxonomy by name."""
    return {file.name: file.read_bytes() for file in folder.glob("*.csv")}


def _digest(parts: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(name.encode() + b"\0" + parts[name] + b"\0")
    return digest.hexdigest()[:12]


def extractor_version(taxonomy: dict[str, bytes]) -> str:
    """Return a short hash of every rule and vocabulary: what it says changes when one does."""
    return _digest({"code": CODE_VERSION.encode(), "taxonomy": _digest(taxonomy).encode()})


CODE_VERSION = _digest(sources_read() | {CONFIG.name: CONFIG.read_bytes()})
EXTRACTOR_VERSION = extractor_version(vocabulary())


@cache
def load_pipeline(lang: str, scope: Scope = "named") -> Language:
    """Load config.cfg for "en" or "ja"."""
    overrides = {"nlp.lang": lang, "nlp.tokenizer.scope": scope}
    return load_model_from_config(load_config(CONFIG, overrides), auto_fill=True)


class Extractor:
    """Reads postings; `scope` is that of config.cfg and changes no extraction."""

    def __init__(self, *, scope: Scope = "named") -> None:
        self.scope: Scope = scope

    def extract(self, posting: Posting) -> Extraction:
        return extract_batch([posting], self.scope)[0]

    def extract_many(
        self, postings: Iterable[Posting], *, workers: int = 1
    ) -> Iterator[Extraction]:
        """Yield an extraction for each posting, in order, read by as many processes."""
        if workers == 1:
            for batch in map_batches(partial(extract_batch, scope=self.scope), postings, 1):
                yield from batch
            return
        fields = (posting.model_dump() for posting in postings)
        for read in map_batches(partial(_extract_fields, scope=self.scope), fields, workers):
            yield from map(Extraction.model_validate, read)


def _extract_fields(batch: list[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    postings = [Posting(**fields) for fields in batch]
    return [extraction.model_dump() for extraction in extract_batch(postings, scope)]


def extract_batch(postings: list[Posting], scope: Scope = "named") -> list[Extraction]:
    with ExitStack() as zones:
        entered = set()
        extractions = []
        for posting in postings:
            code = language(f"{posting.title}\n{posting.text}")
            nlp = load_pipeline("ja" if code == "ja" else "en", scope)
            if nlp.lang not in entered:
                entered.add(nlp.lang)
                zones.enter_context(nlp.memory_zone())
            # A text without a line in scope would be one token, which no record needs.
            has_words = scope == "all" or names_of(posting.text)
            doc = nlp.make_doc(posting.text) if has_words else Doc(nlp.vocab)
            extractions.append(to_extraction(_read(nlp, doc, posting), code))
        return extractions


def read(nlp: Language, posting: Posting) -> Doc:
    """Return the posting's text as a Doc with all that is said about the posting."""
    return _read(nlp, nlp.make_doc(posting.text), posting)


def _read(nlp: Language, doc: Doc, posting: Posting) -> Doc:
    doc._.posting = posting
    return nlp(doc)


def to_extraction(doc: Doc, code: str) -> Extraction:
    """Return the records of a read Doc; `code` is the ISO 639-1 language."""
    said = doc._
    found = {name: getattr(said, name) for name in Extraction.model_fields}
    return Extraction(**{**found, "language": code})

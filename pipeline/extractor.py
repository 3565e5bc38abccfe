"""
Postings to extractions: the spaCy pipeline of `config.cfg`, in one process or several.

Texts and records go between processes, never a Doc, and no Doc outlives its batch, so that a
night's words don't pile up in memory.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config

from pipeline.components import Scope
from pipeline.extraction import Extraction, Posting
from pipeline.text import language

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "pipeline" / "config.cfg"
BATCH = 256  # postings whose Docs share memory, and postings a message to a worker
WINDOW = 16  # messages a worker has in flight

_IMPORT = re.compile(rb"^(?:from|import) ((?:pipeline|taxonomy)\.\w+)", re.MULTILINE)


def sources_read() -> dict[str, bytes]:
    """Return the source of every module that reads a posting, by what imports what."""
    sources: dict[str, bytes] = {}
    found = ["pipeline.extractor"]
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
        batches = _batched(postings, BATCH)
        if workers == 1:
            for batch in batches:
                yield from extract_batch(batch, self.scope)
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            # Bounded, so that a stream is read no faster than it is extracted.
            while window := list(islice(batches, workers * WINDOW)):
                for extractions in pool.map(extract_batch, window, [self.scope] * len(window)):
                    yield from extractions


def extract_batch(postings: list[Posting], scope: Scope) -> list[Extraction]:
    with ExitStack() as zones:
        entered = set()
        extractions = []
        for posting in postings:
            code = language(f"{posting.title}\n{posting.text}")
            nlp = load_pipeline("ja" if code == "ja" else "en", scope)
            if nlp.lang not in entered:
                entered.add(nlp.lang)
                zones.enter_context(nlp.memory_zone())
            extractions.append(to_extraction(read(nlp, posting), code))
        return extractions


def read(nlp: Language, posting: Posting) -> Doc:
    """Return the posting's text as a Doc with all that is said about the posting."""
    doc = nlp.make_doc(posting.text)
    doc._.posting = posting
    return nlp(doc)


def to_extraction(doc: Doc, code: str) -> Extraction:
    """Return the records of a read Doc; `code` is the ISO 639-1 language."""
    said = doc._
    found = {name: getattr(said, name) for name in Extraction.model_fields}
    return Extraction(**{**found, "language": code})


def _batched(postings: Iterable[Posting], size: int) -> Iterator[list[Posting]]:
    stream = iter(postings)
    while batch := list(islice(stream, size)):
        yield batch

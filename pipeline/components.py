"""
The parts of the spaCy pipeline that `config.cfg` assembles.

A `Doc` is a posting's text; `doc._.posting` is the posting, which the caller sets before the
components run: it is as given as the text. Each component reads what it requires and leaves records with character offsets in
`doc._`, under the names of `Extraction`'s fields; the last makes token spans of them.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from pipeline.extraction import Extraction, Posting, Span
from pipeline.mention_names import Name, find_names
from pipeline.mentions import HEADER_SOURCES, find_mentions, offered_roles
from pipeline.pay import find_salary
from pipeline.place import country_code, find_location
from pipeline.responsibilities import find_responsibilities
from pipeline.roles import read_title
from pipeline.skills import find_skills
from pipeline.team import find_reports_to, find_team_size, is_staff
from pipeline.terms import find_employment_type, find_remote, read_employment_type
from pipeline.text import fold

Scope = Literal["named", "all"]
LANGUAGE_TOKENIZERS = {"en": "spacy.Tokenizer.v1", "ja": "spacy.ja.JapaneseTokenizer"}

# SudachiPy refuses more than 49,149 bytes at once; a character has at most four.
LONGEST_CHUNK = 12_000

# Texts whose reading is remembered: one advertisement is posted in many cities.
REMEMBERED_TEXTS = 2_000

_LINE = re.compile(r"[^\n]+")

remembered = lru_cache(maxsize=REMEMBERED_TEXTS)


@remembered
def names_of(text: str) -> list[Name]:
    """Return where the text names leadership roles."""
    return find_names(fold(text))


# Every field of an extraction is an attribute of the Doc: doc._.title, doc._.salary, …
Doc.set_extension("posting", default=Posting(), force=True)
for _name, _field in Extraction.model_fields.items():
    Doc.set_extension(_name, default=None if _field.is_required() else _field.default, force=True)


class LineTokenizer:
    """Splits the lines in scope by the language's own tokenizer; what lies between is a token."""

    def __init__(self, vocab: Vocab, split: Callable[[str], Doc], scope: Scope) -> None:
        self.vocab = vocab
        self.split = split
        self.scope = scope
        self._words = remembered(self._read)

    def __call__(self, text: str) -> Doc:
        words, spaces = self._words(text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def _read(self, text: str) -> tuple[list[str], list[bool]]:
        """Return the words of a text, and whether a space follows each."""
        words: list[str] = []
        spaces: list[bool] = []
        read = 0
        for start, end in self._lines(text):
            if start > read:
                words.append(text[read:start])
                spaces.append(False)
            for begin in range(start, end, LONGEST_CHUNK):
                for token in self.split(text[begin : min(begin + LONGEST_CHUNK, end)]):
                    words.append(token.text)
                    spaces.append(bool(token.whitespace_))
            read = end
        if read < len(text):
            words.append(text[read:])
            spaces.append(False)
        return words, spaces

    def _lines(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of the lines in scope, in order."""
        if self.scope == "all":
            yield from (line.span() for line in _LINE.finditer(text))
            return
        end = -1
        for name in names_of(text):
            if name.start > end:
                start = text.rfind("\n", 0, name.start) + 1
                end = text.find("\n", name.start)
                end = len(text) if end < 0 else end
                yield start, end


def line_tokenizer(scope: Scope) -> Callable[[Language], LineTokenizer]:
    def make(nlp: Language) -> LineTokenizer:
        with warnings.catch_warnings():
            # spaCy 3.8 still calls Dictionary.create, which SudachiPy 0.7 replaces.
            warnings.simplefilter("ignore", DeprecationWarning)
            split = registry.tokenizers.get(LANGUAGE_TOKENIZERS[nlp.lang or "en"])()(nlp)
        return LineTokenizer(nlp.vocab, split, scope)

    return make


registry.tokenizers.register("vpoe.lines", func=line_tokenizer)


_read_title = remembered(read_title)
_find_mentions = remembered(find_mentions)
_find_skills = remembered(find_skills)
_find_responsibilities = remembered(find_responsibilities)
_find_salary = remembered(find_salary)
_find_location = remembered(find_location)
_find_remote = remembered(find_remote)
_find_employment_type = remembered(find_employment_type)
_find_team_size = remembered(find_team_size)


@Language.component("vpoe_title", assigns=["doc._.title"])
def title(doc: Doc) -> Doc:
    posting = doc._.posting
    doc._.title = _read_title(posting.title, posting.employer)
    return doc


@Language.component(
    "vpoe_mentions",
    requires=["doc._.title"],
    assigns=["doc._.mentions", "doc._.hires_for"],
)
def mentions(doc: Doc) -> Doc:
    posting = doc._.posting
    has_title = posting.source not in HEADER_SOURCES
    roles = doc._.title.roles if has_title else ()
    # Whether there is a title decides, not which: so the city copies of a text are one reading.
    title = "a title" if posting.title and has_title else ""
    doc._.mentions = _find_mentions(posting.text, roles, title)
    doc._.hires_for = offered_roles(doc._.mentions, roles)
    return doc


@Language.component("vpoe_skills", assigns=["doc._.skills"])
def skills(doc: Doc) -> Doc:
    posting = doc._.posting
    doc._.skills = _find_skills(posting.text, employer=posting.employer)
    return doc


@Language.component("vpoe_responsibilities", assigns=["doc._.responsibilities"])
def responsibilities(doc: Doc) -> Doc:
    doc._.responsibilities = _find_responsibilities(doc._.posting.text)
    return doc


@Language.component("vpoe_pay", assigns=["doc._.salary"])
def pay(doc: Doc) -> Doc:
    posting = doc._.posting
    doc._.salary = _find_salary(posting.text) or find_salary(posting.title, "title")
    return doc


@Language.component(
    "vpoe_place",
    assigns=["doc._.location", "doc._.location_span", "doc._.country_code"],
)
def place(doc: Doc) -> Doc:
    """A field of the source's own decides, then the text, then the title."""
    posting = doc._.posting
    stated = posting.location_text.strip()
    if stated:
        doc._.location, doc._.country_code = stated, country_code(stated)
        return doc
    found = _find_location(posting.text) or find_location(posting.title, "title")
    if found:
        doc._.location, doc._.location_span = found.span.text, found.span
        doc._.country_code = found.country_code
    return doc


@Language.component(
    "vpoe_terms",
    assigns=[
        "doc._.employment_type",
        "doc._.employment_type_span",
        "doc._.is_remote",
        "doc._.remote_span",
    ],
)
def terms(doc: Doc) -> Doc:
    posting = doc._.posting
    remote = find_remote(posting.title, "title") or _find_remote(posting.text)
    if remote:
        doc._.is_remote, doc._.remote_span = remote
    stated = find_remote(posting.location_text)
    if stated and (stated.is_remote or not remote):
        doc._.is_remote, doc._.remote_span = stated.is_remote, None
    employment = find_employment_type(posting.title, "title") or _find_employment_type(posting.text)
    if employment:
        doc._.employment_type, doc._.employment_type_span = employment
    stated_type = read_employment_type(posting.employment_type_text)
    if stated_type and stated_type != doc._.employment_type:
        doc._.employment_type, doc._.employment_type_span = stated_type, None
    return doc


@Language.component(
    "vpoe_team",
    requires=["doc._.mentions", "doc._.hires_for"],
    assigns=[
        "doc._.team_size",
        "doc._.team_size_span",
        "doc._.reports_to",
        "doc._.reports_to_spans",
    ],
)
def team(doc: Doc) -> Doc:
    posting = doc._.posting
    reports_to = find_reports_to(posting.text, doc._.mentions, posting.title)
    doc._.reports_to = tuple(one.role_id for one in reports_to)
    doc._.reports_to_spans = tuple(one.span for one in reports_to)
    if doc._.hires_for or not is_staff(posting.title):
        found = _find_team_size(posting.text) or find_team_size(posting.title, "title")
        if found:
            doc._.team_size, doc._.team_size_span = found
    return doc


@Language.component(
    "vpoe_evidence",
    requires=["doc._.mentions", "doc._.skills", "doc._.responsibilities"],
    assigns=["doc.spans"],
)
def evidence(doc: Doc) -> Doc:
    """Token spans, labelled by id, of the evidence that begins and ends with a token."""
    labelled: dict[str, list[tuple[str, Span]]] = {
        "mentions": [(one.role_id, one) for one in doc._.mentions],
        "skills": [(one.skill_id, one) for one in doc._.skills],
        "responsibilities": [(one.responsibility_id, one) for one in doc._.responsibilities],
    }
    for group, spans in labelled.items():
        aligned = [doc.char_span(one.start, one.end, label=label) for label, one in spans]
        doc.spans[group] = [span for span in aligned if span is not None]
    return doc

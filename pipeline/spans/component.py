"""
The model as a part of a spaCy pipeline.

Import this module, then `nlp.add_pipe("vpoe_skill_spans", config={"folder": "data/models/skill_spans"})`.
It reads English, sentence by sentence, and needs the words of every line (`scope = "all"`).
"""

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.spans.model import SpanModel
from pipeline.text import sentences

GROUP = "skill_spans"


class SkillSpans:
    def __init__(self, folder: Path) -> None:
        self.model = SpanModel(folder)

    def __call__(self, doc: Doc) -> Doc:
        """Token spans labelled skill or knowledge, in `doc.spans["skill_spans"]`."""
        found = [
            doc.char_span(start, end, alignment_mode="expand") for start, end in sentences(doc.text)
        ]
        words = [[token for token in one if not token.is_space] for one in found if one]
        read = self.model.read([[token.text for token in one] for one in words])
        doc.spans[GROUP] = [
            Span(doc, one[start].i, one[end - 1].i + 1, label=layer)
            for one, spans in zip(words, read, strict=True)
            for layer, start, end in spans
        ]
        return doc


@Language.factory("vpoe_skill_spans", assigns=["doc.spans"])
def make_skill_spans(nlp: Language, name: str, folder: str) -> SkillSpans:  # noqa: ARG001
    return SkillSpans(Path(folder))

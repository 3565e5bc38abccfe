"""
Sentences → open-vocabulary skill spans, on SkillSpan; strict: layer, first and last word are right.

Scored where `vpoe train skills` has been run and only then; sentences trained on are left out.
"""

import importlib
import importlib.util
from pathlib import Path

from pipeline.scoring import Result, Score, Table, micro
from warehouse.workspace import Workspace

NEEDED = ("safetensors", "tokenizers")
SETS = "skillspan_*.conll.gz"


def score(labels: Path) -> Result:
    """Score SkillSpan in `data` beside the folder of labels."""
    data = labels.parent / "data" / "skillspan"
    files = sorted(file for file in data.glob(SETS) if "_train." not in file.name)
    model = Workspace.of_environment().skill_spans
    if not files:
        return Result(skipped=(f"skill spans: no {SETS} in {data}",))
    if not model.is_dir():
        return Result(skipped=(f"skill spans: no model at {model}; run: vpoe train skills",))
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        return Result(
            skipped=(f"skill spans: {', '.join(missing)} isn't installed (vpoe[skills])",)
        )
    spans = importlib.import_module("pipeline.spans.model")
    read_sentences = importlib.import_module("pipeline.spans.data").read_sentences
    sentences = [sentence for file in files for sentence in read_sentences(file)]
    found = spans.SpanModel(model).read([sentence.words for sentence in sentences])
    scores = {layer: Score(layer) for layer in spans.LAYERS}
    for sentence, read in zip(sentences, found, strict=True):
        for layer, counted in scores.items():
            expected = {span for span in sentence.spans if span[0] == layer}
            predicted = {span for span in read if span[0] == layer}
            counted.hits += len(expected & predicted)
            counted.predicted += len(predicted)
            counted.expected += len(expected)
    both = micro("both layers, micro", scores, frozenset(scores))
    return Result((Table("skill spans, SkillSpan", len(sentences), (*scores.values(), both)),))

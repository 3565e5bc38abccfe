"""
Words of a sentence → spans of two layers, which may lie over each other: skill and knowledge.

Each word has the encoder's state of its first piece, and what the encoder doesn't see: how the
word is written, and whether the taxonomy knows it as a skill, of itself and of its neighbours. One
linear layer scores each layer's B, I and O, a table what follows what; the best sequence is kept.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from pipeline.skills import find_skills
from pipeline.spans.encoder import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    Array,
    Drop,
    Library,
    Params,
    Shape,
    encode,
    gelu,
    load_encoder,
)
from taxonomy.load import load_skills

LAYERS = ("skill", "knowledge")
TAGS = "OBI"
FORBIDDEN = np.zeros((len(TAGS), len(TAGS)), "float32")
FORBIDDEN[TAGS.index("O"), TAGS.index("I")] = -1e4  # an I follows a B or an I
LONGEST = 128  # word pieces of a sentence; what is behind them is read as O
LENGTHS = (16, 24, 32, 48, 64, 96, LONGEST)  # a batch has one of them
FEATURES = 9  # of a word; its neighbours' stand beside them
HIDDEN = 64

Span = tuple[str, int, int]  # layer, first word, the word after the last


class Batch(NamedTuple):
    """Sentences as arrays (sentence, word or word piece); the last ones may be padding."""

    ids: Array
    mask: Array
    first: Array  # the first word piece of each word
    features: Array


class Encoded(NamedTuple):
    """A sentence before it is padded."""

    ids: list[int]
    first: list[int]  # of as many words as fit into LONGEST pieces
    features: Array


class SpanModel:
    """A trained model: its folder holds weights, config and tokenizer."""

    def __init__(self, folder: Path) -> None:
        self.params, self.shape = load_encoder(folder)
        self.tokenizer = load_tokenizer(folder)

    def read(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Return the spans of each sentence, given as words."""
        found: list[list[Span]] = [[] for _ in sentences]
        encoded = [encode_sentence(self.tokenizer, words) for words in sentences]
        for numbers, batch in batches(encoded):
            scores = score(np, self.params, self.shape, batch)
            step = follows(np, self.params)
            for row, number in enumerate(numbers):
                words = len(encoded[number].first)
                found[number] = [
                    (layer, start, end)
                    for place, layer in enumerate(LAYERS)
                    for start, end in decode(scores[row, :words, place], step[place])
                ]
        return found


def save(params: Params, encoder: Path, folder: Path) -> None:
    """Write a model beside the tokenizer and config of the encoder that it began as."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: np.asarray(value, dtype="float16") for name, value in params.items()}
    for name in (CONFIG, TOKENIZER):
        shutil.copy(encoder / name, folder)
    save_file(halves, folder / WEIGHTS)


def load_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def encode_sentence(tokenizer: Tokenizer, words: Sequence[str]) -> Encoded:
    pieces = tokenizer.encode(list(words), is_pretokenized=True)
    first: dict[int, int] = {}
    for place, word in enumerate(pieces.word_ids):
        if word is not None:
            first.setdefault(word, place)
    # A word of which nothing is left ("\x92") is read at the start of the sentence.
    reached = max(first, default=-1) + 1
    features = word_features(words)[:LONGEST]
    return Encoded(pieces.ids, [first.get(word, 0) for word in range(reached)], features)


def word_features(words: Sequence[str]) -> Array:
    """(word, 3 x FEATURES): of the word before, the word and the word after."""
    own = np.zeros((len(words) + 2, FEATURES), "float32")
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    for number, word in enumerate(words, 1):
        inner = any(map(str.isupper, word[1:])) and not word.isupper()
        has_digit = any(map(str.isdigit, word))
        own[number, :5] = (word.isupper(), word[:1].isupper(), has_digit, inner, not word.isalnum())
    management = {one.skill_id for one in load_skills().skills if one.kind == "management"}
    for skill in find_skills(" ".join(words)):
        column = 5 + 2 * (skill.skill_id in management)
        begin = int(np.searchsorted(starts, skill.start, "right"))
        end = int(np.searchsorted(starts, skill.end, "left"))
        own[begin, column] = 1
        own[begin + 1 : end + 1, column + 1] = 1
    return np.concatenate([own[:-2], own[1:-1], own[2:]], axis=1)


def batches(encoded: Sequence[Encoded], size: int = 32) -> Iterator[tuple[list[int], Batch]]:
    """Yield sentences of like lengths together, with their numbers; the shapes are few."""
    by_length: dict[int, list[int]] = {}
    for number, one in enumerate(encoded):
        length = next(length for length in LENGTHS if len(one.ids) <= length)
        by_length.setdefault(length, []).append(number)
    for length, numbers in sorted(by_length.items()):
        for start in range(0, len(numbers), size):
            chosen = numbers[start : start + size]
            yield chosen, pad([encoded[number] for number in chosen], length, size)


def pad(encoded: Sequence[Encoded], length: int, size: int) -> Batch:
    ids = np.zeros((size, length), "int32")
    mask = np.zeros((size, length), bool)
    mask[:, 0] = True  # of padding, too: attention to nothing isn't a number
    first = np.zeros((size, length), "int32")
    features = np.zeros((size, length, 3 * FEATURES), "float32")
    for row, one in enumerate(encoded):
        ids[row, : len(one.ids)] = one.ids
        mask[row, : len(one.ids)] = True
        first[row, : len(one.first)] = one.first
        features[row, : len(one.first)] = one.features[: len(one.first)]
    return Batch(ids, mask, first, features)


def score(
    xp: Library, params: Params, shape: Shape, batch: Batch, drop: Drop = lambda x: x
) -> Array:
    """Return what speaks for each tag (sentence, word, layer, tag), its neighbours left out."""
    states = encode(xp, params, shape, batch.ids, batch.mask, drop)
    states = drop(xp.take_along_axis(states, batch.first[..., None], 1))
    seen = gelu(xp, batch.features @ params["features.weight"])
    scores = xp.concatenate([states, seen], -1) @ params["head.weight"] + params["head.bias"]
    return scores.reshape(*batch.first.shape, len(LAYERS), len(TAGS))


def follows(xp: Library, params: Params) -> Array:
    """What speaks for a tag (layer, before, after) behind another; a sentence begins as after an O."""
    return params["transitions"] + xp.asarray(FORBIDDEN)


def decode(scores: Array, step: Array) -> list[tuple[int, int]]:
    """Return the spans of the best sequence of tags (Viterbi, IEEE TIT 1967) for (word, tag)."""
    if not len(scores):
        return []
    best = scores[0] + step[0]
    backs = []
    for row in scores[1:]:
        paths = best[:, None] + step
        backs.append(paths.argmax(0))
        best = paths.max(0) + row
    tags = [int(best.argmax())]
    for back in reversed(backs):
        tags.append(int(back[tags[-1]]))
    return tag_spans([TAGS[tag] for tag in reversed(tags)])


def tag_spans(tags: Sequence[str]) -> list[tuple[int, int]]:
    """(first, behind the last) of each run of B and the I after it; an I after an O begins one."""
    spans: list[tuple[int, int]] = []
    for place, tag in enumerate(tags):
        if tag == "B" or (tag == "I" and (place == 0 or tags[place - 1] == "O")):
            spans.append((place, place + 1))
        elif tag == "I":
            spans[-1] = (spans[-1][0], place + 1)
    return spans

"""
Train the model of skill spans: the encoder's layers and a head, on the CPU, by JAX.

The word embeddings stay as they are. What is kept is the running mean of the weights, which is
better than the last ones (Izmailov et al., UAI 2018) and steadier from seed to seed.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from pipeline.spans.data import Labelled, read_sentences
from pipeline.spans.encoder import Array, Drop, Params, Shape, load_encoder
from pipeline.spans.model import (
    FEATURES,
    HIDDEN,
    LAYERS,
    TAGS,
    Batch,
    Encoded,
    batches,
    encode_sentence,
    follows,
    load_tokenizer,
    save,
    score,
)

EPOCHS = 3
BATCH = 16
LEARNING_RATE, LAST_RATE = 3e-4, 1e-4
DROPOUT = 0.1
KEPT = 0.99  # of the running mean, a step

Optimizer = Any  # of optax
Progress = Callable[[int], None]


class State(NamedTuple):
    params: Params
    mean: Params
    optimizer: Any  # its state


def train(
    files: Sequence[Path],
    encoder: Path,
    folder: Path,
    *,
    epochs: int = EPOCHS,
    seed: int = 0,
    progress: Progress | None = None,
) -> int:
    """
    Train on the files' sentences and write the model to `folder`; returns how many there were.

    `progress` gets the number of sentences read since its last call.
    """
    sentences = [sentence for file in files for sentence in read_sentences(file)]
    tokenizer = load_tokenizer(encoder)
    encoded = [encode_sentence(tokenizer, sentence.words) for sentence in sentences]
    params, shape = load_encoder(encoder)
    params |= new_head(params["embeddings.word_embeddings.weight"].shape[1], seed)
    frozen = {name: value for name, value in params.items() if name.startswith("embeddings.")}
    trained = {name: jnp.asarray(params[name]) for name in params.keys() - frozen.keys()}
    steps = epochs * sum(1 for _ in batches(encoded, BATCH))
    optimizer = make_optimizer(steps, epochs)
    step = make_step(shape, {name: jnp.asarray(value) for name, value in frozen.items()}, optimizer)
    state = State(trained, trained, optimizer.init(trained))
    order = random.Random(seed)  # noqa: S311  # an order of sentences, no secret
    key = jax.random.key(seed)
    for number, (batch, tags, count) in enumerate(
        shuffled(sentences, encoded, order, epochs), start=1
    ):
        state = step(state, batch, tags, jax.random.fold_in(key, number))
        if progress:
            progress(count)
    save(frozen | state.mean, encoder, folder)
    return len(sentences)


def new_head(width: int, seed: int) -> Params:
    """Random weights of what the encoder hasn't: features and tags."""
    draw = np.random.default_rng(seed)
    tags = len(LAYERS) * len(TAGS)
    return {
        "features.weight": draw.normal(0, 0.2, (3 * FEATURES, HIDDEN)).astype("float32"),
        "head.weight": draw.normal(0, 0.02, (width + HIDDEN, tags)).astype("float32"),
        "head.bias": np.zeros(tags, "float32"),
        "transitions": np.zeros((len(LAYERS), len(TAGS), len(TAGS)), "float32"),
    }


def make_optimizer(steps: int, epochs: int) -> Optimizer:
    """AdamW (Loshchilov and Hutter, ICLR 2019), half an epoch of warming up, then part of a cosine."""
    rate = optax.warmup_cosine_decay_schedule(
        0, LEARNING_RATE, steps // (2 * epochs), steps, LAST_RATE
    )
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))


def make_step(shape: Shape, frozen: Params, optimizer: Optimizer) -> Callable[..., State]:
    def loss(params: Params, batch: Batch, tags: Array, key: Array) -> Array:
        all_params = frozen | params
        scores = score(jnp, all_params, shape, batch, dropout(key, 2 * shape.layers + 1))
        return -log_likelihood(scores, follows(jnp, all_params), tags) / (tags[..., 0] >= 0).sum()

    def step(state: State, batch: Batch, tags: Array, key: Array) -> State:
        gradients = jax.grad(loss)(state.params, batch, tags, key)
        updates, optimizer_state = optimizer.update(gradients, state.optimizer, state.params)
        params = optax.apply_updates(state.params, updates)
        mean = jax.tree.map(lambda old, new: KEPT * old + (1 - KEPT) * new, state.mean, params)
        return State(params, mean, optimizer_state)

    return jax.jit(step)  # type: ignore[no-any-return,unused-ignore]  # typed where JAX is installed


def log_likelihood(scores: Array, step: Array, tags: Array) -> Array:
    """
    Sum over sentences and layers of log p(tags | scores), a linear chain (Lafferty et al., ICML 2001).

    `scores` is (sentence, word, layer, tag), `step` (layer, before, after), `tags` (sentence, word,
    layer) with -1 behind the last word.
    """

    def forward(sums: Array, one: tuple[Array, Array]) -> tuple[Array, None]:
        row, is_word = one
        paths = jax.nn.logsumexp(sums[..., None] + step, axis=-2) + row
        return jnp.where(is_word[..., None], paths, sums), None

    is_word = jnp.moveaxis(tags >= 0, 1, 0)
    rows = jnp.moveaxis(scores, 1, 0)
    first = jnp.where(is_word[0, ..., None], rows[0] + step[:, 0], 0)
    sums, _ = jax.lax.scan(forward, first, (rows[1:], is_word[1:]))
    all_paths = jnp.where(is_word[0], jax.nn.logsumexp(sums, -1), 0)
    kept = jnp.maximum(tags, 0)
    before = jnp.pad(kept, ((0, 0), (1, 0), (0, 0)))[:, :-1]  # O before the first
    path = jnp.take_along_axis(scores, kept[..., None], -1)[..., 0]
    path += step[jnp.arange(len(LAYERS)), before, kept]
    return (path * (tags >= 0)).sum() - all_paths.sum()


def dropout(key: Array, uses: int) -> Drop:
    """A function that drops values, each time others; to be used as often as said."""
    keys = iter(jax.random.split(key, uses))

    def drop(x: Array) -> Array:
        kept = jax.random.bernoulli(next(keys), 1 - DROPOUT, x.shape)
        return jnp.where(kept, x / (1 - DROPOUT), 0)

    return drop


def shuffled(
    sentences: Sequence[Labelled],
    encoded: Sequence[Encoded],
    order: random.Random,
    epochs: int,
) -> Iterator[tuple[Batch, Array, int]]:
    """Yield each epoch's batches in another order, with tags (sentence, word, layer), -1 for none."""
    for _ in range(epochs):
        places = list(range(len(sentences)))
        order.shuffle(places)
        found = list(batches([encoded[place] for place in places], BATCH))
        order.shuffle(found)
        for numbers, batch in found:
            tags = np.full((*batch.first.shape, len(LAYERS)), -1, "int32")
            for row, number in enumerate(numbers):
                place = places[number]
                words = len(encoded[place].first)
                for layer, of_layer in enumerate(sentences[place].tags):
                    tags[row, :words, layer] = [TAGS.index(tag) for tag in of_layer[:words]]
            yield batch, tags, len(numbers)

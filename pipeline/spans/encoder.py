"""
A BERT encoder (Devlin et al., NAACL 2019) as plain functions of arrays: read by numpy, trained by JAX.

`xp` is the library whose arrays the parameters are. Parameters go by the names that the weights
of the original implementation carry (`encoder.layer.0.attention.self.query.weight`, …).
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from safetensors.numpy import load_file

Array = Any  # of numpy or of JAX
Library = Any  # numpy or jax.numpy
Params = dict[str, Array]
Drop = Callable[[Array], Array]

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
EPSILON = 1e-12


class Shape(NamedTuple):
    layers: int
    heads: int


def load_encoder(folder: Path) -> tuple[Params, Shape]:
    """Weights as 32-bit floats, and the encoder's shape. Raises FileNotFoundError."""
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    weights = load_file(folder / WEIGHTS)
    params = {
        name.removeprefix("bert."): weight.astype("float32")
        for name, weight in weights.items()
        if weight.dtype.kind == "f"
    }
    return params, Shape(config["num_hidden_layers"], config["num_attention_heads"])


def encode(
    xp: Library, params: Params, shape: Shape, ids: Array, mask: Array, drop: Drop = lambda x: x
) -> Array:
    """(batch, length) ids of word pieces, and which of them are there → (batch, length, width)."""
    bias = xp.where(mask, 0.0, -1e9).astype("float32")[:, None, None, :]
    embedded = (
        params["embeddings.word_embeddings.weight"][ids]
        + params["embeddings.position_embeddings.weight"][: ids.shape[1]]
        + params["embeddings.token_type_embeddings.weight"][0]
    )
    states = _normal(xp, params, "embeddings.LayerNorm", embedded)
    for number in range(shape.layers):
        states = _layer(xp, params, shape, f"encoder.layer.{number}.", states, bias, drop)
    return states


def _layer(
    xp: Library, params: Params, shape: Shape, name: str, states: Array, bias: Array, drop: Drop
) -> Array:
    batch, length, width = states.shape

    def heads(which: str) -> Array:
        projected = _linear(params, f"{name}attention.self.{which}", states)
        return projected.reshape(batch, length, shape.heads, -1).transpose(0, 2, 1, 3)

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2)
    attention = _softmax(xp, scores / math.sqrt(width // shape.heads) + bias)
    mixed = (attention @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, width)
    output = drop(_linear(params, f"{name}attention.output.dense", mixed))
    states = _normal(xp, params, f"{name}attention.output.LayerNorm", states + output)
    inner = gelu(xp, _linear(params, f"{name}intermediate.dense", states))
    output = drop(_linear(params, f"{name}output.dense", inner))
    return _normal(xp, params, f"{name}output.LayerNorm", states + output)


def gelu(xp: Library, x: Array) -> Array:
    """Hendrycks and Gimpel, arXiv 1606.08415, by the hyperbolic tangent."""
    return 0.5 * x * (1 + xp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def _softmax(xp: Library, x: Array) -> Array:
    powers = xp.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _linear(params: Params, name: str, x: Array) -> Array:
    return x @ params[f"{name}.weight"].T + params[f"{name}.bias"]


def _normal(xp: Library, params: Params, name: str, x: Array) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    deviation = xp.sqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    return centred / deviation * params[f"{name}.weight"] + params[f"{name}.bias"]

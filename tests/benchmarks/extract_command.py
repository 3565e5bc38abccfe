"""
What `vpoe extract` costs on a store: with two workers, and again after one changed alias.

The ratio of workers is by the clock, their start included: it needs two cores that nothing else
uses. What follows a changed alias is CPU time of one process.
"""

import re
import shutil
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

from pipeline import taxonomy_diff
from pipeline.extract import extract
from pipeline.processes import map_batches
from pipeline.rows import read_contents
from taxonomy.load import HERE
from tests.benchmarks.table import Row
from warehouse.store import BoardNight, Content, Observation, Snapshot, Store, StoredBoard, by_hash

LEAST_WORKERS = 1.8
NIGHT = date(2026, 7, 1)
ALIAS = re.compile(r"(?<![a-z0-9])heroku(?![a-z])", re.IGNORECASE)  # is taken out
NEXT = "next"  # the version that the change makes


def measure(texts: list[str]) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        fill(path, texts)
        copy = Path(shutil.copy(path, f"{path}.2"))
        alone, alone_cpu = _spent(path, workers=1)
        together, handing_out = _spent(copy, workers=2)
        number = len(texts)
        name = f"extract with two workers beside one, {number:,} posts, by the clock"
        return [
            Row(name, number / together, "posts/s", number / alone, LEAST_WORKERS),
            Row("CPU of their parent beside the clock", handing_out, "s", together),
            *measure_changed_alias(path, texts, alone_cpu),
        ]


def fill(path: Path, texts: list[str]) -> None:
    """A store of one monthly thread that nothing has read."""
    at = datetime.combine(NIGHT, datetime.min.time())
    thread = StoredBoard("hackernews", f"{NIGHT:%Y-%m}", None, None, "flow", 1, "a list", NIGHT)
    contents = [Content(title="", description_html=text) for text in texts]
    listed = [Observation(str(n), one.content_hash) for n, one in enumerate(contents)]
    with Store(path) as store:
        store.start_crawl(NIGHT, [thread], at)
        snapshot = Snapshot(NIGHT, thread.source, thread.board, "ok", at)
        store.write_nights([BoardNight(snapshot, listed, by_hash(contents))])


def _spent(path: Path, workers: int) -> tuple[float, float]:
    """Seconds by the clock, and of CPU in this process."""
    with Store(path) as store:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        extract(store, workers=workers)
        return time.perf_counter() - begun, time.process_time() - begun_cpu


def measure_changed_alias(path: Path, texts: list[str], full_cpu: float) -> list[Row]:
    """One pass over all contents, and the contents that hold the alias read again."""
    with Store(path) as store, tempfile.TemporaryDirectory() as folder:
        taxonomy = Path(shutil.copytree(HERE, Path(folder) / "taxonomy"))
        aliases = taxonomy / "skill_aliases.csv"
        lines = aliases.read_text("utf-8").splitlines(keepends=True)
        aliases.write_text("".join(line for line in lines if not ALIAS.search(line)), "utf-8")
        begun = time.process_time()
        with patch.object(taxonomy_diff, "EXTRACTOR_VERSION", NEXT):
            taxonomy_diff.carry_over(store, taxonomy)
        one_pass = time.process_time() - begun
        read_again = sum(
            len(results)
            for results, _ in map_batches(read_contents, store.unextracted(NEXT, 2_000), 1)
        )
        again = time.process_time() - begun
    holding = sum(bool(ALIAS.search(text)) for text in texts)
    return [
        Row("contents read again after one changed alias", read_again, "", holding, 1, "at most"),
        Row("CPU of that, with the pass over all, beside all anew", again, "s", full_cpu),
        Row("CPU of the pass over all alone", one_pass, "s", full_cpu),
    ]

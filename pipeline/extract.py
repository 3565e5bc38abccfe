"""Read every content of the store that this extractor version hasn't read yet."""

from collections.abc import Callable
from itertools import islice

from pipeline.extractor import EXTRACTOR_VERSION
from pipeline.processes import map_batches
from pipeline.rows import read_contents
from pipeline.taxonomy_diff import carry_over
from warehouse.store import Store

BATCH = 2_000  # contents read from the store at once
MESSAGES = 8  # of a worker, written in one transaction

Progress = Callable[[int], None]


def extract(store: Store, *, workers: int = 1, progress: Progress | None = None) -> int:
    """Extract what is new and write it batch by batch; returns how many contents were read."""
    carry_over(store)
    done = 0
    read = map_batches(read_contents, store.unextracted(EXTRACTOR_VERSION, BATCH), workers)
    while messages := list(islice(read, MESSAGES)):
        results = [row for rows, _ in messages for row in rows]
        store.write_extractions(results, [row for _, rows in messages for row in rows])
        done += len(results)
        if progress:
            progress(len(results))
    store.forget_superseded(EXTRACTOR_VERSION)
    return done

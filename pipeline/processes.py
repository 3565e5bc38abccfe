"""
A stream read by several processes: in order, and no further ahead than keeps them busy.

What goes between processes should be plain (dicts, tuples, bytes): unpickling a pydantic record
costs the one process that hands out the work ten times what a dict does.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

BATCH = 256  # items a message
AHEAD = 4  # messages a process has in flight

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_batches(
    work: Callable[[list[Item]], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """Yield what `work` makes of each batch of the items; with one worker in this process."""
    batches = _batched(items)
    if workers == 1:
        yield from map(work, batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Result]] = deque()
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        yield batch

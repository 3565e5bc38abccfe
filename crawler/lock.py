"""One run at a time: a lock that a killed process can't leave behind."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from crawler.errors import LockHeldError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux; elsewhere the pid alone is told

log = logging.getLogger(__name__)
_held: set[Path] = set()


@contextmanager
def run_lock(path: Path) -> Iterator[None]:
    """
    Hold the lock at `path`; within the same process it may be taken again.

    The kernel lets go of it when its holder dies, so that a file with a dead holder's name is
    taken over and logged. Raises LockHeldError, with the holder, before anything is touched.
    """
    path = path.resolve()
    if path in _held:
        yield
        return
    with path.open("a+b") as file:
        _acquire(file.fileno(), path)
        _held.add(path)
        try:
            yield
        finally:
            _held.remove(path)
            file.truncate(0)


def _acquire(descriptor: int, path: Path) -> None:
    holder = path.read_bytes().decode(errors="replace")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LockHeldError(
            f"{path} is held by another run ({holder or 'just started'}); wait until it ends"
        ) from error
    if holder:
        log.warning("took over %s, left behind by %s", path, holder)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, orjson.dumps({"pid": os.getpid(), "boot": _boot_id()}))


def _boot_id() -> str | None:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else None

"""
The private store: what the crawler and the pipeline write, and what everything else is rebuilt from.

One process writes it, readers of the published file never touch it. A board's night is written
whole or not at all; a night that changes nothing on a board writes one snapshot row.
"""

from warehouse.store.extractions import Extractions
from warehouse.store.file import STORE_VERSION
from warehouse.store.nights import Nights
from warehouse.store.records import (
    TRAILING_NIGHTS,
    BoardKey,
    BoardKind,
    BoardNight,
    Content,
    Drift,
    ExtractorVersion,
    History,
    Observation,
    Snapshot,
    Status,
    StoredBoard,
    Validator,
    by_hash,
)

__all__ = [
    "STORE_VERSION",
    "TRAILING_NIGHTS",
    "BoardKey",
    "BoardKind",
    "BoardNight",
    "Content",
    "Drift",
    "ExtractorVersion",
    "History",
    "Observation",
    "Snapshot",
    "Status",
    "Store",
    "StoredBoard",
    "Validator",
    "by_hash",
]


class Store(Nights, Extractions):
    """The store, open: see `StoreFile` for what that asks of its caller."""

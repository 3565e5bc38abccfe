"""Where a project keeps its files: one directory, named once."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_ROOT = "data"


@dataclass(frozen=True)
class Workspace:
    """The files below one root. Nothing else in the project spells these names."""

    root: Path

    @classmethod
    def of_environment(cls) -> "Workspace":
        """The directory that VPOE_HOME names, else `data` below the current directory."""
        return cls(Path(os.environ.get("VPOE_HOME", DEFAULT_ROOT)))

    @property
    def store(self) -> Path:
        return self.root / "store.duckdb"

    @property
    def lock(self) -> Path:
        return self.root / "nightly.lock"

    @property
    def bodies(self) -> Path:
        return self.root / "bodies"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def warehouse(self) -> Path:
        return self.root / "vpoe.duckdb"

    @property
    def new_warehouse(self) -> Path:
        """Built, and not yet checked and published."""
        return self.root / "vpoe.new.duckdb"

    def sums_of(self, built: Path) -> Path:
        """
        What the next build goes on from: the sums behind a built file, found by its size and time.

        A file that was put in its place from elsewhere has none, and the next build makes all anew.
        """
        of = built.stat()
        return self.root / "sums" / f"{of.st_mtime_ns}-{of.st_size}.duckdb"

    @property
    def parquet(self) -> Path:
        return self.root / "parquet"

    @property
    def candidates(self) -> Path:
        """What the last `vpoe taxonomy propose` found, JSON lines."""
        return self.root / "candidates.jsonl"

    @property
    def skill_spans(self) -> Path:
        """The folder of the model that `vpoe train skills` writes."""
        return self.root / "models" / "skill_spans"

    @property
    def report_latest(self) -> Path:
        """A link to the newest of the report's editions, which lie beside it."""
        return self.root / "report" / "latest"

    def create(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)

"""What a benchmark says: a value, what it is compared with, the ratio, and the bar for the ratio."""

import re
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HEAD = ("what", "value", "beside", "ratio", "bar", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `ratio` is value / baseline; `kind` says on which side of `bar` it is good."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    bar: float | None = None
    kind: Literal["at least", "at most"] = "at least"
    is_bar_on_value: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def is_met(self) -> bool | None:
        """None where there is no bar."""
        measured = self.value if self.is_bar_on_value else self.ratio
        if self.bar is None or measured is None:
            return None
        return measured >= self.bar if self.kind == "at least" else measured <= self.bar

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{figure(self.value)} {self.unit}",
            "" if self.baseline is None else figure(self.baseline),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "" if self.bar is None else f"{self.kind} {self.bar:g}",
            {None: "", True: "met", False: "not met"}[self.is_met],
        )


def peak_memory() -> float:
    """
    MiB that this process has held at most.

    Linux hands getrusage's figure down to what a process spawns; its VmHWM begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(rows: Iterable[Row]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)

"""
All benchmarks with ratios, as one table.

    python -m tests.benchmarks [--quick] [--full] [--write]
"""

import argparse
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import crawl, extraction, report, warehouse
from tests.benchmarks.table import markdown

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SIZES = (100_000, 1_000_000, 10_000_000)  # postings
PACKAGES = ("scrapy", "uvloop", "spacy", "sudachipy", "ahocorasick-rs", "duckdb")


def machine() -> str:
    """The processor, Python and packages, and how busy the machine was."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists() and (found := re.search(r"model name\s*: (.+)", info.read_text())):
        cpu = found[1]
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} from other work, "
        f"{platform.system()}, Python {platform.python_version()}; {packages}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a third of the sizes, to try it out")
    parser.add_argument(
        "--full",
        action="store_true",
        help="memory over 1,500 boards, 10 million postings; half an hour",
    )
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}, with the machine")
    options = parser.parse_args()
    share = 3 if options.quick else 1
    busy = machine()
    parts = {
        "Crawl": crawl.measure(120 // share, is_full=options.full),
        "Extraction": extraction.measure(1_500 // share),
        "Build": warehouse.measure(SIZES[: 1 if options.quick else 3 if options.full else 2]),
        "Report": report.measure(),
    }
    tables = [
        f"### {name}\n\n{markdown(rows) if rows else 'Skipped: what it needs is absent, see the README.'}"
        for name, rows in parts.items()
    ]
    measured = "\n\n".join([busy, *tables])
    print(measured)  # noqa: T201 - the benchmark's answer
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

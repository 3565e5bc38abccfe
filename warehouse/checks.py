"""Run the checks: each file of `checks/` selects the rows that are wrong, its first line says what."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import CheckFailedError, NotPublishedError, UnknownNameError

CHECKS_DIR = Path(__file__).parent / "checks"
SHOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class Check:
    """`sentence` is true of a sound file; `sql` selects what breaks it."""

    name: str
    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    rows: tuple[tuple[Any, ...], ...]  # the first wrong ones
    is_passed: bool


def load_checks(folder: Path = CHECKS_DIR) -> list[Check]:
    return [
        Check(file.stem, sentence_of(text), text)
        for file in sorted(folder.glob("*.sql"))
        for text in [file.read_text(encoding="utf-8")]
    ]


def sentence_of(sql: str) -> str:
    """The comment in the first line, which every check and cookbook query starts with."""
    return sql.partition("\n")[0].removeprefix("--").strip()


def run_checks(path: Path, checks: list[Check] | None = None) -> list[CheckResult]:
    """Run every check on a built or published file. Raises NotPublishedError if there is none."""
    if not path.exists():
        raise NotPublishedError(f"no file at {path}; run `vpoe build` first")
    with duckdb.connect(str(path), read_only=True) as connection:
        return [_run(connection, check) for check in checks or load_checks()]


def _run(connection: duckdb.DuckDBPyConnection, check: Check) -> CheckResult:
    rows = connection.execute(f"from ({check.sql}) limit {SHOWN_ROWS}").fetchall()
    return CheckResult(check, tuple(rows), is_passed=not rows)


def require_checks(path: Path, accept: Collection[str] = ()) -> list[CheckResult]:
    """
    Run every check; raises CheckFailedError that lists what failed, with the first rows.

    `accept` names checks whose failure is known and doesn't stop; raises UnknownNameError for a
    name that no check has.
    """
    results = run_checks(path)
    unknown = set(accept) - {result.check.name for result in results}
    if unknown:
        raise UnknownNameError(f"no check {', '.join(sorted(unknown))}; see warehouse/checks")
    failed = [one for one in results if not one.is_passed and one.check.name not in accept]
    if failed:
        raise CheckFailedError("\n".join(_complaint(result) for result in failed))
    return results


def _complaint(result: CheckResult) -> str:
    rows = "; ".join(str(tuple(map(str, row))) for row in result.rows)
    return f"check {result.check.name} failed: {result.check.sentence} Wrong rows: {rows}"

"""An interactive shell on the published file: the best one that is installed."""

import shutil
import sys
from pathlib import Path

from warehouse.errors import NotPublishedError

PYTHON = "import duckdb; db = duckdb.connect({path!r}, read_only=True); print({hint!r})"
HINT = "Ask with db.sql(\"from role_trend('vp_engineering')\"); leave with Ctrl-D."


def shell_command(path: Path) -> list[str]:
    """
    The command line of the shell: harlequin, else DuckDB's own, else a Python prompt with `db`.

    Read-only in each case. Raises NotPublishedError if there is no file.
    """
    if not path.exists():
        raise NotPublishedError(f"nothing published at {path}; run `vpoe nightly` first")
    if harlequin := shutil.which("harlequin"):
        return [harlequin, "--read-only", str(path)]
    if cli := shutil.which("duckdb"):
        return [cli, "-readonly", str(path)]
    start = PYTHON.format(path=str(path), hint=HINT)
    return [sys.executable, "-q", "-i", "-c", start]

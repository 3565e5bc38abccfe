"""Fixtures for everyone."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
# The same examples at every run of `make test`; others, and more, in `make test-slow`.
settings.register_profile("ordinary", derandomize=True)
settings.register_profile("thorough", max_examples=1_000)
settings.load_profile("ordinary")
SHARED = Path(os.environ.get("VPOE_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and labels; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data at {SHARED}; name its folder in VPOE_SHARED")
    return SHARED

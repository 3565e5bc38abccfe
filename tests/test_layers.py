"""Imports go one way (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "crawler": {
        "crawler",
        "warehouse.store",
        "warehouse.purge",
        "warehouse.workspace",
        "warehouse.errors",
    },
    "pipeline": {
        "pipeline",
        "taxonomy",
        "warehouse.store",
        "warehouse.workspace",
        "warehouse.errors",
    },
    "taxonomy": {"taxonomy"},
    "warehouse": {"warehouse", "taxonomy"},
}
KNOWS_ALL = {"pipeline/cli.py", "pipeline/nightly.py", "pipeline/demo.py"}
MODULES = [
    path.relative_to(ROOT).as_posix()
    for package in MAY_IMPORT
    for path in sorted((ROOT / package).rglob("*.py"))
]


def imports_of(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def knows_all(module: str) -> bool:
    return module in KNOWS_ALL or module.startswith(("crawler/demo/", "pipeline/commands/"))


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module):
    if knows_all(module):
        pytest.skip("knows all steps")
    ours = {
        name for name in imports_of((ROOT / module).read_text()) if name.split(".")[0] in MAY_IMPORT
    }
    allowed = MAY_IMPORT[module.split("/")[0]]
    wrong = {
        name
        for name in ours
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }
    assert wrong == set()


def test_imports_of_sees_both_forms():
    source = "import crawler.run\nfrom warehouse import store\nfrom pipeline.text import fold"
    assert imports_of(source) == {"crawler.run", "warehouse.store", "pipeline.text.fold"}

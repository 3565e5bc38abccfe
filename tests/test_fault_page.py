"""docs/faults.md names a test for each fault, and each test that it names is there."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| (?P<number>\d+) \|(?P<fault>[^|]+)\|(?P<end>[^|]+)\|(?P<proofs>[^|]+)\|$")
PROOF = re.compile(r"(?:(?P<module>test_\w+): )?(?P<test>test_\w+)(?P<rows>(?:,? \[[^\]]+\])*)")
DEMANDED = {*range(1, 54), *range(62, 78)}


def page(pytestconfig):
    text = (pytestconfig.rootpath / "docs" / "faults.md").read_text(encoding="utf-8")
    return [found for line in text.splitlines() if (found := ROW.match(line))]


def test_every_fault_of_the_crawl_and_of_identity_is_there_once(pytestconfig):
    numbers = [int(row["number"]) for row in page(pytestconfig)]
    assert numbers == sorted(set(numbers))
    assert set(numbers) >= DEMANDED


def test_every_proof_is_a_test(pytestconfig):
    missing = []
    for row in page(pytestconfig):
        module = ""
        for proof in PROOF.finditer(row["proofs"]):
            module = proof["module"] or module
            source = (TESTS / f"{module}.py").read_text(encoding="utf-8")
            defined = {node.name for node in ast.walk(ast.parse(source)) if hasattr(node, "name")}
            rows = re.findall(r"\[([^\]]+)\]", proof["rows"])
            missing += [proof["test"]] if proof["test"] not in defined else []
            missing += [one for one in rows if f'"{one}"' not in source]
        if not module:
            missing.append(row["number"])
    assert missing == []


@pytest.mark.parametrize("number", [1, 30, 77])
def test_a_row_has_a_fault_and_an_end(pytestconfig, number):
    (row,) = (one for one in page(pytestconfig) if int(one["number"]) == number)
    assert row["fault"].strip()
    assert row["end"].strip()

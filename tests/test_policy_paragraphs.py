"""Check that every paragraph of the policy has a test, and that the table of them is right."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "store/rules/POLICY.md").read_text(encoding="utf-8")
PARAGRAPHS = 28
ROWS = {
    int(number): re.findall(r"`([^`]+)`", tests)
    for number, tests in re.findall(r"^\| (\d+) \|[^|]+\|([^|]+)\|$", TABLE, re.MULTILINE)
}


def names_in(path: Path) -> set[str]:
    """Return the names of a file's tests: functions, and assignments of test cases."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return functions | assigned


def test_every_paragraph_has_a_row() -> None:
    assert list(ROWS) == list(range(1, PARAGRAPHS + 1))


@pytest.mark.parametrize("number", ROWS)
def test_every_row_names_tests_that_exist(number: int) -> None:
    assert ROWS[number], f"paragraph {number} has no test"
    for each in ROWS[number]:
        file, _, name = each.partition("::")
        assert (ROOT / file).is_file(), each
        assert name in names_in(ROOT / file), each

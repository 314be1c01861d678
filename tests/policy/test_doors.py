"""The stories use only public interfaces and import nothing behind them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BEHIND = ("store.actions", "store.actions", "store.tables", "store.queries", "store.db.repository")
"""Modules that change, store or read records. Stories must not import them."""
FILES = sorted([*HERE.glob("*.py"), *(HERE.parent / "life").glob("*.py")])
PARAGRAPHS = 28


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_story_goes_behind_the_doors(file: Path) -> None:
    behind = [n for n in _imported(file) if any(f"{n}.".startswith(f"{b}.") for b in BEHIND)]
    assert not behind, f"{file.name} imports {behind}: a story is told from outside"


def test_every_paragraph_has_a_story_of_its_own() -> None:
    numbers = [int(file.name[9:11]) for file in FILES if file.name.startswith("test_par_")]
    assert set(numbers) == set(range(1, PARAGRAPHS + 1))


@pytest.mark.parametrize("number", range(1, PARAGRAPHS + 1))
def test_the_table_of_paragraphs_names_the_story(number: int) -> None:
    table = (ROOT / "store/rules/POLICY.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {number} \|.*$", table, re.MULTILINE)
    named = set(re.findall(rf"`tests/policy/(test_par_{number:02}_\w+\.py)::(\w+)`", row))
    assert named, f"the row of paragraph {number} names no story"
    for file, name in named:
        assert f"def {name}(" in (HERE / file).read_text(encoding="utf-8"), f"{file}::{name}"

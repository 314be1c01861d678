"""Check README and CONTRIBUTING against the code: each file and name in them exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = "bot|store|integrations|worker|tests"
FILE = re.compile(rf"(?<![\w/.-])(?:{TOP})/[\w./-]*\w/?")
NAMED = re.compile(rf"`(\w+)` in `((?:{TOP})/[\w/]+\.py)`")
GUIDES = ("README.md", "CONTRIBUTING.md")


def _names(module: Path) -> Iterator[str]:
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from (
                each.id
                for each in ast.walk(node)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            )


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_and_every_name_is_there(guide: str) -> None:
    text = (ROOT / guide).read_text()
    files, named = set(FILE.findall(text)), set(NAMED.findall(text))
    assert [each for each in sorted(files) if not (ROOT / each).exists()] == []
    assert len(files) > 25
    assert [
        f"{name} in {module}"
        for name, module in sorted(named)
        if name not in set(_names(ROOT / module))
    ] == []
    assert len(named) > 4


def test_the_guide_for_contributors_is_short_and_the_journey_has_ten_steps() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 150
    steps = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert steps == [str(number) for number in range(1, 11)]

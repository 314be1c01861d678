"""What import-linter has no contract for."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

RULES = Path(__file__).parent.parent / "store" / "rules"


def _imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_rules_import_nothing_but_the_standard_library_and_each_other() -> None:
    foreign = {
        f"{module.relative_to(RULES)}: {name}"
        for module in RULES.rglob("*.py")
        for name in _imported(module)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not f"{name}.".startswith("store.rules.")
    }
    assert foreign == set()

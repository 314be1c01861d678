"""Rules of the architecture that import-linter has no contract for."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = ROOT / "store" / "rules"

FREE = {
    "The core of the bot imports no platform": {"app", "card_preview"},
    "Adapters speak the store's rules alone; the bootstrap and the records join": {
        "audit_anchor",  # stored outside the audit's database
        "bootstrap",
        "fault_sentences",
        "open_database",
        "records",
        "setting_checks",
        "settings",
    },
}
"""Contract → the modules of its package that may import what the others may not."""


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


@pytest.mark.parametrize("name", FREE)
def test_a_new_module_is_held_to_the_contract_of_its_package(name: str) -> None:
    """A contract lists its modules one by one, so a module that is left out is not checked."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        each for each in settings["tool"]["importlinter"]["contracts"] if each["name"] == name
    )
    package = contract["source_modules"][0].split(".")[0]
    held = {each.split(".")[1] for each in contract["source_modules"]}
    forbidden = {each.split(".")[1] for each in contract["forbidden_modules"]}
    there = {
        path.stem
        for path in (ROOT / package).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {"__init__"}
    assert there - held - forbidden == FREE[name]


def test_no_contract_has_a_list_of_exceptions() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = settings["importlinter"]["contracts"]
    assert [each["name"] for each in contracts if "ignore_imports" in each] == []

"""Check the docstrings: every public function has one, begins with a verb and names its errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "store", "integrations", "worker")
NO_VERB = re.compile(
    r"(?:The|An?|What|Whether|Each|Every\w*|None|How|When|Where|Who|Whose|Which|Those|This|Nothing"
    r"|No|One|It|Of|As|By|For|From|With|Without|Since|Once|There|Said|Never)\b|``|\w+ →"
)
FEW = 5
"""Words: a docstring this short only repeats the name."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Public = list[tuple[str, ast.Module | Definition]]


@pytest.fixture(scope="module")
def public() -> Public:
    """Collect every module and its public definitions once for all tests."""
    return list(_public())


def _public() -> Iterator[tuple[str, ast.Module | Definition]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                module, name = ast.parse(path.read_text()), str(path.relative_to(ROOT))
                yield name, module
                yield from _within(name, module)


def _within(name: str, parent: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Definition]]:
    for node in parent.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield f"{name}: {node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _within(f"{name}: {node.name}", node)


def _raised(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(error).rpartition(".")[2]
            if name[:1].isupper():
                yield name


def test_every_public_function_has_a_docstring(public: Public) -> None:
    without = [where for where, node in public if _is_silent(node)]
    assert not without, "\n".join(without)


def _is_silent(node: ast.Module | Definition) -> bool:
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("overload" in ast.unparse(each) for each in node.decorator_list)
        and not ast.get_docstring(node)
    )


def test_no_docstring_only_repeats_a_name(public: Public) -> None:
    short = [
        f"{where}: {said}"
        for where, node in public
        if (said := ast.get_docstring(node)) and len(said.split()) <= FEW
    ]
    assert not short, "\n".join(short)


def test_a_function_is_said_by_what_it_does(public: Public) -> None:
    found = [
        f"{where}: {said.splitlines()[0]}"
        for where, node in public
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("property" in ast.unparse(each) for each in node.decorator_list)
        and (said := ast.get_docstring(node))
        and NO_VERB.match(said)
    ]
    assert not found, "\n".join(found)


def test_every_public_function_names_the_errors_that_it_raises(public: Public) -> None:
    silent = []
    for where, node in public:
        # A command's docstring is its help, and a failure there is a sentence.
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_help(where):
            said, errors = ast.get_docstring(node) or "", set(_raised(node))
            # An assertion marks what cannot happen, so a caller need not know of it.
            unnamed = {each for each in errors if each not in said} - {"AssertionError"}
            if unnamed:
                silent.append(f"{where}: {', '.join(sorted(unnamed))}")
    assert not silent, "\n".join(silent)


def _is_help(where: str) -> bool:
    return where.startswith("worker/cli/") and not where.startswith("worker/cli/common.py")

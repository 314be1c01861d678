"""Changes of one expression of a rule at a time, by the operators of mutmut.

mutmut's own runner starts pytest anew for each change and leaves functions with a decorator out, so
every property. Here a change is a new code object for the function that every test already holds.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

LEFT_ALONE = frozenset(("isinstance", "len", "cast"))
"""Functions whose changed arguments only cause errors, so a change says nothing about a test."""


@dataclass(frozen=True)
class Change:
    """A change of one expression of a function."""

    module: str
    function: str
    """The function's name with its class: ``Calendar.is_quiet``."""
    before: str
    after: str
    """The lines that differ, stripped."""
    source: str
    """The source of the whole changed function, within its class."""
    lines: range
    """The lines of the statement, which a test has to reach."""

    @property
    def name(self) -> str:
        """Return the change in one line, which stays the same when lines above it move."""
        return f"{self.module} {self.function}: {self.before} → {self.after}"


class _Expressions(cst.CSTVisitor):
    """Collect every node of a function, with each node that can replace it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Raise) or (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Name)
            and node.func.value in LEFT_ALONE
        ):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                if operator is operator_string:
                    self.found += [(node, changed) for changed in _other_string(node)]
                else:
                    self.found += [(node, changed) for changed in operator(node)]
        return True


def _other_string(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Change a key, once. Words for people are tested where they are shown."""
    if isinstance(node, cst.SimpleString) and " " not in node.value:
        yield from list(operator_string(node))[:1]


def changes_of(path: Path, module: str) -> Iterator[Change]:
    """Yield every change of a file of rules, function by function."""
    text = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    positions = wrapper.resolve(PositionProvider)
    statements = _statements(text)
    for owner, function in _functions(wrapper.module):
        of_params, of_body = _Expressions(), _Expressions()
        function.params.visit(of_params)
        function.body.visit(of_body)
        begins = positions[_first_statement(function)]
        found: list[tuple[cst.CSTNode, cst.CSTNode, CodeRange | None]]
        found = [(node, changed, begins) for node, changed in of_params.found]
        found += [(node, changed, positions.get(node)) for node, changed in of_body.found]
        plain = function.with_changes(decorators=[], leading_lines=[])
        original = _rendered(plain, owner)
        for node, changed, place in found:
            source = _rendered(
                cst.ensure_type(plain.deep_replace(node, changed), cst.FunctionDef), owner
            )
            if place is not None and source != original:
                before, after = _difference(original, source)
                yield Change(
                    module=module,
                    function=f"{owner}.{function.name.value}" if owner else function.name.value,
                    before=before,
                    after=after,
                    source=source,
                    lines=_around(place.start.line, statements),
                )


def _functions(module: cst.Module) -> Iterator[tuple[str, cst.FunctionDef]]:
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield "", node
        elif isinstance(node, cst.ClassDef):
            for method in node.body.body:
                if isinstance(method, cst.FunctionDef):
                    yield node.name.value, method


def _first_statement(function: cst.FunctionDef) -> cst.CSTNode:
    """Return the statement at which a default takes effect; ``def`` itself runs only on import."""
    statements = function.body.body
    return statements[1 if function.get_docstring() is not None and len(statements) > 1 else 0]


def _rendered(function: cst.FunctionDef, owner: str) -> str:
    shown: cst.CSTNode = function
    if owner:
        shown = cst.ClassDef(name=cst.Name(owner), body=cst.IndentedBlock([function]))
    return cst.Module([]).code_for_node(shown)


def _difference(before: str, after: str) -> tuple[str, str]:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    removed, added = (
        " ".join(line[2:].strip() for line in lines if line.startswith(sign))
        for sign in ("- ", "+ ")
    )
    return removed, added


def _statements(text: str) -> list[range]:
    """Return the lines of each statement, outer ones first, without those of inner statements."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = node.end_lineno or node.lineno
            if body:
                last = max(node.lineno, body[0].lineno - 1)
            found.append(range(node.lineno, last + 1))
    return found


def _around(line: int, statements: list[range]) -> range:
    return min(
        (each for each in statements if line in each), key=len, default=range(line, line + 1)
    )


def apply(change: Change) -> None:
    """Put the changed code into the existing function, which all modules share.

    Raises:
        LookupError: the function is not where its name says.
    """
    module = importlib.import_module(change.module)
    scope: dict[str, Any] = dict(vars(module))
    exec(  # noqa: S102
        compile("from __future__ import annotations\n" + change.source, change.module, "exec"),
        scope,
    )
    owner, _, name = change.function.rpartition(".")
    changed = _plain(vars(scope[owner])[name] if owner else scope[name])
    known = _plain(vars(vars(module)[owner])[name] if owner else vars(module)[name])
    known.__code__ = changed.__code__
    known.__defaults__ = changed.__defaults__
    known.__kwdefaults__ = changed.__kwdefaults__
    forget()


def forget() -> None:
    """Empty the caches of the rules, which hold results of the unchanged code."""
    for place, other in list(sys.modules.items()):
        if place.startswith("store.rules"):
            for value in vars(other).values():
                cached = getattr(value, "judged", value)  # tests.compiled
                if hasattr(cached, "cache_clear"):
                    cached.cache_clear()


def _plain(found: Any) -> FunctionType:
    """Return the function within a property, a cache or a class method."""
    inner: tuple[Callable[[Any], Any], ...] = (
        lambda each: each.fget,
        lambda each: each.__func__,
        lambda each: each.__wrapped__,
        lambda each: each.func,
    )
    while not isinstance(found, FunctionType):
        for look in inner:
            try:
                found = look(found)
                break
            except AttributeError:
                continue
        else:
            raise LookupError(found)
    return found

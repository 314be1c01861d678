"""Every regular expression of the product takes time in proportion to the text, whatever it is.

Each is tried on texts made of its own letters, repeated so that they nearly match. What counts is
how the time grows from one length to four times as much: fourfold where it is linear, sixteenfold
where it is not. Time is the thread's own, so that other work does not count.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

PACKAGES = ("bot", "integrations", "store", "worker")
ROOT = Path(__file__).parents[1]
LENGTH = 1_500
WORTH_A_LOOK = 0.01
"""Seconds: what takes less at four times the length is no trouble however it grows."""
MOST_GROWTH = 8
_CALLS = {"compile", "sub", "split", "search", "match", "fullmatch", "findall", "finditer"}


def from_source() -> Iterator[tuple[str, str]]:
    """(file, expression) of every expression that is written down."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    called = node.func
                    is_re = isinstance(called.value, ast.Name) and called.value.id == "re"
                    if is_re and called.attr in _CALLS and node.args:
                        for written in ast.walk(node.args[0]):
                            if isinstance(written, ast.Constant) and isinstance(written.value, str):
                                yield f"{path.relative_to(ROOT)}", written.value


def from_modules() -> Iterator[tuple[str, re.Pattern[str]]]:
    """(module, expression) of every one that a module keeps, also in tuples and tables."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if ".migrations." in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                yield from ((found.name, each) for each in _patterns(value, 3))


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _patterns(each, depth - 1)
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from _patterns(each, depth - 1)


def all_expressions() -> dict[str, re.Pattern[str]]:
    found = {f"{each.pattern!r} {each.flags}": each for _, each in from_modules()}
    for _, text in from_source():
        try:
            compiled = re.compile(text)
        except re.error:  # a piece of one that is put together
            continue
        if not any(each.pattern == text for each in found.values()):
            found[repr(text)] = compiled
    return found


EXPRESSIONS = all_expressions()


def pumps(pattern: str) -> Iterator[tuple[str, str, str]]:
    """(before, repeated, after): letters and words of the expression, and what stops a match."""
    words = re.findall(r"[a-zA-Z]{2,}|[^\sa-zA-Z0-9\\\\]", pattern.replace("http", "http://"))
    pieces = dict.fromkeys([*words[:6], " ", "\n", "a", "1", "a.", "<"])
    repeated = [*pieces, *(f"{one}{other}" for one, other in product(words[:2], ("a",)))]
    starts = ("", "".join(words[:1]))
    yield from product(dict.fromkeys(starts), dict.fromkeys(repeated), ("", "\0"))


def spent(pattern: re.Pattern[str], text: str) -> float:
    start = time.thread_time()
    pattern.fullmatch(text)
    pattern.sub("", text)
    return time.thread_time() - start


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_time_grows_as_the_text_does(name: str) -> None:
    pattern = EXPRESSIONS[name]
    for before, repeated, after in pumps(pattern.pattern):

        def made(length: int, parts: tuple[str, str, str] = (before, repeated, after)) -> str:
            return parts[0] + parts[1] * (length // len(parts[1])) + parts[2]

        if spent(pattern, made(4 * LENGTH)) < WORTH_A_LOOK:
            continue
        short = min(spent(pattern, made(LENGTH)) for _ in range(3))
        long = min(spent(pattern, made(4 * LENGTH)) for _ in range(3))
        assert long < MOST_GROWTH * max(short, WORTH_A_LOOK / 8), (before, repeated, after)


def test_there_are_as_many_as_there_were() -> None:
    """A walk that finds nothing would find no trouble either."""
    assert len(EXPRESSIONS) > 80
    assert all(pattern.pattern for pattern in EXPRESSIONS.values())

"""Check that every regular expression of the product takes time in proportion to the text.

Each is tried as the product uses it, searched for or matched from the start, on texts made of its
own letters and repeated so that they nearly match. The test measures how the time grows when the
text is four times as long: fourfold if linear, sixteenfold if not. It measures the thread's own
time, so other work does not count.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from store.rules.text.sentence_patterns import Pattern, SentenceRule

PACKAGES = ("bot", "integrations", "store", "worker")
ROOT = Path(__file__).parents[1]
LENGTH = 800
WORTH_A_LOOK = 0.01
"""Seconds: an expression that takes less at four times the length is accepted, however it grows."""
MOST_GROWTH = 8
_FROM_START = {"match", "fullmatch"}
_CALLS = {"compile", "sub", "split", "search", "findall", "finditer"} | _FROM_START


def from_source() -> Iterator[tuple[str, bool]]:
    """Find every expression in the source, and whether it is searched for anywhere in a text."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    called = node.func
                    is_re = isinstance(called.value, ast.Name) and called.value.id == "re"
                    if is_re and called.attr in _CALLS and node.args:
                        for written in ast.walk(node.args[0]):
                            if isinstance(written, ast.Constant) and isinstance(written.value, str):
                                yield written.value, called.attr not in _FROM_START


def from_modules() -> Iterator[tuple[re.Pattern[str], bool]]:
    """Find the same for every expression that a module holds, also in tuples and tables."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if ".migrations." in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            anchored = held_from_start(Path(str(module.__file__)))
            for name, value in vars(module).items():
                yield from ((each, name not in anchored) for each in _patterns(value, 3))


def held_from_start(path: Path) -> set[str]:
    """Return a module's own names on which it only calls ``match`` and ``fullmatch``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    uses = Counter(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    from_start = Counter(
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in _FROM_START
        and isinstance(node.value, ast.Name)
    )
    return {name for name, count in from_start.items() if name[0] == "_" and count == uses[name]}


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, SentenceRule):
        for each in (value.words, *value.needs, value.unless):
            yield from _patterns(each, 1)
    elif isinstance(value, Pattern):
        yield value.ready
    elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _patterns(each, depth - 1)
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from _patterns(each, depth - 1)


def all_expressions() -> dict[str, tuple[re.Pattern[str], bool]]:
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    for each, is_searched in from_modules():
        name = f"{each.pattern!r} {each.flags}"
        found[name] = each, is_searched or (name in found and found[name][1])
    kept = {each.pattern for each, _ in found.values()}
    for text, is_searched in from_source():
        try:
            compiled = re.compile(text)
        except re.error:  # one part of a composed expression
            continue
        if text not in kept:
            name = repr(text)
            found[name] = compiled, is_searched or (name in found and found[name][1])
    return found


@pytest.fixture(scope="module")
def expressions() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Find the expressions once a test here runs: each of pytest's processes collects every
    file."""
    return all_expressions()


def pumps(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Build (before, repeated, after): letters and words of the expression, and what stops a
    match."""
    words = re.findall(r"[a-zA-Z]{2,}|[^\sa-zA-Z0-9\\\\]", pattern.replace("http", "http://"))
    pieces = dict.fromkeys([*words[:6], " ", "\n", "a", "1", "a.", "<"])
    repeated = [*pieces, *(f"{one}{other}" for one, other in product(words[:2], ("a",)))]
    starts = ("", "".join(words[:1]))
    yield from product(dict.fromkeys(starts), dict.fromkeys(repeated), ("", "\0"))


def spent(pattern: re.Pattern[str], text: str, *, is_searched: bool) -> float:
    start = time.thread_time()
    pattern.match(text)
    pattern.fullmatch(text)
    if is_searched:
        pattern.sub("", text)
    return time.thread_time() - start


def slow_on(pattern: re.Pattern[str], *, is_searched: bool) -> tuple[str, str, str] | None:
    """Return the parts of a text on which it takes too long, or None."""
    takes = partial(spent, pattern, is_searched=is_searched)
    for parts in pumps(pattern.pattern):
        before, repeated, after = parts
        texts = [
            before + repeated * (length // len(repeated)) + after for length in (LENGTH, 4 * LENGTH)
        ]
        if takes(texts[1]) < WORTH_A_LOOK:
            continue
        short, long = (min(takes(text) for _ in range(3)) for text in texts)
        if long >= MOST_GROWTH * max(short, WORTH_A_LOOK / 8):
            return parts
    return None


def test_the_time_grows_as_the_text_does(
    expressions: dict[str, tuple[re.Pattern[str], bool]],
) -> None:
    slow = {
        name: parts
        for name, (pattern, is_searched) in expressions.items()
        if (parts := slow_on(pattern, is_searched=is_searched))
    }
    assert not slow


def test_there_are_as_many_as_there_were(
    expressions: dict[str, tuple[re.Pattern[str], bool]],
) -> None:
    """If the search found no expressions, the other tests would pass without checking any."""
    assert len(expressions) > 80
    assert all(pattern.pattern for pattern, _ in expressions.values())
    assert sum(is_searched for _, is_searched in expressions.values()) > 40


def test_one_whose_time_grows_faster_is_found() -> None:
    assert slow_on(re.compile(r"a*a*b|a*a*c|a*a*d"), is_searched=False)

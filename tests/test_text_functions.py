"""Check that every function over a text takes time in proportion to its length.

``test_expressions`` tries single expressions. This module tries functions, which combine
expressions and loops: each public function of one text, with texts that repeat one letter or sign.
It measures how the time grows when the text is four times as long: fourfold if linear, sixteenfold
if not. It measures the thread's own time.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from integrations.mail.interface import MailError
from integrations.settings import WrongSetting
from store.rules.errors import CaseworkError

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "integrations", "store")
LENGTH = 500
WORTH_A_LOOK = 0.03
"""Seconds: a function that takes less at four times the length is accepted, however it grows."""
MOST_GROWTH = 12
REPEATED = (
    *(" ", "\n", "‹", "<", "(", "[", '"', "1", "@", ".", ",", ":", "-", "/", "*", "&", "%", "a"),
    *("a ", "a.", "a@", "<a", "<!--", "> ", "a\n", "eyJa.", "/v3/__", "not "),
)
SLOW = {
    "integrations.activity.catching": "its text is the name of a file",
    "integrations.activity.idle_connection": "its texts are a path and a limit of ours",
    "store.policies.document": "Python's own reader of TOML takes longer; an operator writes it",
    "store.policies.line_numbers": "the same",
    "store.rules.text.tone.scale": "a part of what stands in tone",
    "store.rules.text.sentence_patterns": "its text is an expression of ours",
}
_MADE_UP: Mapping[str, object] = {
    "str": "Dana",
    "Sequence[str]": (),
    "Collection[str]": (),
    "Iterable[str]": (),
    "tuple[str, ...]": (),
    "Mapping[str, str]": {},
}
REFUSALS = (CaseworkError, MailError, WrongSetting, ValueError, LookupError, OSError)
"""Errors with which a function may refuse such a text, or not find a file of this name."""
KNOWN = {
    "integrations.mail.auto_reply_words.for_comparing",
    "integrations.mail.html.without_addresses",
    "store.rules.students.links.without_secrets",
    "store.rules.text.tone.check.check_supportive",
}
Takes = Callable[[str], object]


def text_functions() -> Iterator[tuple[str, Takes]]:
    """Find every function that requires one text and no other argument."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if ".migrations" in found.name or found.name in SLOW:
                continue
            module = importlib.import_module(found.name)
            for name, each in vars(module).items():
                function = inspect.unwrap(each) if callable(each) else each
                is_own = inspect.isfunction(function) and function.__module__ == found.name
                if is_own and not name.startswith("_") and (takes := of_a_text(function)):
                    yield f"{found.name}.{name}", takes


def of_a_text(function: Callable[..., object]) -> Takes | None:
    """Return the function of its first text alone, or None if the other arguments cannot be made
    up."""
    needed = [
        each.annotation
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    if not needed or needed[0] not in ("str", "str | None"):
        return None
    if not all(kind in _MADE_UP for kind in needed[1:]):
        return None
    made_up = [_MADE_UP[kind] for kind in needed[1:]]

    def takes(text: str) -> object:
        answer = function(text, *made_up)
        return list(answer) if isinstance(answer, Iterator) else answer

    return takes


def spent(takes: Takes, text: str) -> float:
    start = time.thread_time()
    with suppress(*REFUSALS):
        takes(text)
    return time.thread_time() - start


def slow_on(takes: Takes) -> str | None:
    """Return the text on which it takes too long when repeated, or None."""
    for each in REPEATED:
        short, long = (each * (length // len(each)) for length in (LENGTH, 4 * LENGTH))
        if spent(takes, long) < WORTH_A_LOOK:
            continue
        before, after = (min(spent(takes, text) for _ in range(2)) for text in (short, long))
        if after > MOST_GROWTH * max(before, WORTH_A_LOOK / MOST_GROWTH):
            return each
    return None


def test_the_time_grows_as_the_text_does() -> None:
    functions = dict(text_functions())
    assert len(functions) > 40
    assert set(functions) >= KNOWN
    slow = {name: found for name, takes in functions.items() if (found := slow_on(takes))}
    assert not slow


def test_one_whose_time_grows_faster_is_found() -> None:
    def quadratic(text: str) -> list[int]:
        return [text.count(text[at]) for at in range(len(text)) for _ in range(80)]

    assert slow_on(quadratic)


@pytest.mark.parametrize("module", SLOW)
def test_every_exception_is_there(module: str) -> None:
    assert inspect.ismodule(importlib.import_module(module))

"""Every card and dialog has an example, so that the tests of the platforms include it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

import pytest

from bot import cards
from bot.card_preview import write_previews
from bot.cards.kit.examples import every_example
from bot.cards.kit.model import Card, Dialog
from bot.cards.kit.registry import example, registered
from tests.bot.cards.examples import EXAMPLES
from tests.completeness.walking import functions_of, named

SENT_CARDS, OPENED_DIALOGS = 94, 72
SPECIMENS = 9
"""Examples of every block and every abuse, which the product never sends."""


def _ours() -> Iterator[Card | Dialog]:
    return (each for name, each in EXAMPLES.items() if not name.startswith("specimen"))


def test_all_examples_are_found_however_their_modules_are_named() -> None:
    """The examples are counted, so that tests over all of them cannot pass on a few."""
    ours = list(_ours())
    cards_sent = [each for each in ours if isinstance(each, Card)]
    assert (len(cards_sent), len(ours) - len(cards_sent)) == (SENT_CARDS, OPENED_DIALOGS)
    assert len(EXAMPLES) == SENT_CARDS + OPENED_DIALOGS + SPECIMENS
    assert every_example().keys() == EXAMPLES.keys()


def _builders() -> dict[CodeType, str]:
    """Return the functions that return one or more cards or dialogs: code → name."""
    return {
        each.__code__: named(each)
        for each in functions_of(cards)
        if each is not every_example
        and re.search(r"\b(Card|Dialog)\b", str(each.__annotations__.get("return")))
        and not re.search(r"Callable|Made", str(each.__annotations__.get("return")))
    }


def test_every_builder_of_a_card_or_dialog_is_used_by_an_example() -> None:
    called: set[CodeType] = set()

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        registered()
    finally:
        sys.setprofile(before)
    builders = _builders()
    assert [name for code, name in builders.items() if code not in called] == []
    assert len(builders) > SENT_CARDS + OPENED_DIALOGS


def test_a_second_example_of_a_name_is_refused() -> None:
    taken = next(iter(EXAMPLES))
    with pytest.raises(ValueError, match="two examples"):
        example(taken)(lambda: EXAMPLES[taken])


@pytest.mark.parametrize("module", [every_example.__module__, write_previews.__module__])
def test_whatever_is_imported_first_finds_them_all(module: str) -> None:
    """The search imports its own package, so no part of it may need the examples during import."""
    made = every_example
    code = f"import {module}; from {made.__module__} import every_example as e; print(len(e()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(len(EXAMPLES) - SPECIMENS)

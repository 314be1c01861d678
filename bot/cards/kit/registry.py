"""A registry of example cards and dialogs, for the previews and the tests.

A cards module decorates functions that make an example; ``bot.cards.kit.examples`` collects them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.cards.kit.model import Card, Dialog

Made = TypeVar("Made", bound=Callable[[], Card | Dialog])

_MAKERS: dict[str, Callable[[], Card | Dialog]] = {}


def example(name: str) -> Callable[[Made], Made]:
    """Register a function without arguments that makes an example under this name.

    Raises ``ValueError`` where the name is taken.
    """

    def register(make: Made) -> Made:
        if name in _MAKERS:
            raise ValueError(f"there are two examples named {name!r}")
        _MAKERS[name] = make
        return make

    return register


def registered() -> dict[str, Card | Dialog]:
    """Build the examples of all imported modules, by name."""
    return {name: make() for name, make in sorted(_MAKERS.items())}

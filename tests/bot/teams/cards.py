"""Helpers that search a card in the format that Teams receives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def actions(card: Json) -> Iterator[Json]:
    """Yield every action of a card, those in ShowCards included."""
    yield from (each for each in walk(card) if str(each.get("type", "")).startswith("Action."))


def fields(card: Json) -> Iterator[Json]:
    """Yield every input of a card."""
    yield from (each for each in walk(card) if str(each.get("type", "")).startswith("Input."))


def walk(thing: Any) -> Iterator[Json]:
    """Yield every object of a card that has a type."""
    if isinstance(thing, dict):
        if "type" in thing:
            yield thing
        for key, value in thing.items():
            if key not in ("data", "refresh"):
                yield from walk(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from walk(value)

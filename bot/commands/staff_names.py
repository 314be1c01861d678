"""A colleague whom somebody typed by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from store.rules.errors import InvalidInput
from store.rules.text.formatting import folded


class Named(Protocol):
    """Anybody with a name."""

    @property
    def name(self) -> str:
        """How colleagues know this person."""
        ...


Person = TypeVar("Person", bound=Named)


def the_one(people: Sequence[Person], typed: str, field: str | None = None) -> Person:
    """The one person who is meant by a name or a part of it; else a sentence that lists them."""
    word = folded(typed)
    matching = [person for person in people if word and word in folded(person.name)]
    exact = [person for person in matching if word == folded(person.name)]
    chosen = exact or matching
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(person.name for person in chosen or people)
    if not names:
        raise InvalidInput("There is no colleague to choose from in this school.", field=field)
    raise InvalidInput(f"Please name one of these: {names}.", field=field)

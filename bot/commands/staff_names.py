"""Find a colleague by a typed name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from store.rules.errors import InvalidInput
from store.rules.text.formatting import folded


class Named(Protocol):
    """Any person with a name, such as a colleague in a list."""

    @property
    def name(self) -> str:
        """Return the name by which colleagues know the person."""
        ...


Person = TypeVar("Person", bound=Named)


def the_one(people: Sequence[Person], typed: str, field: str | None = None) -> Person:
    """Find the one person with this name or part of it.

    Raises ``InvalidInput``, with a list of names, where there is none or more than one.
    """
    word = folded(typed)
    matching = [person for person in people if word and word in folded(person.name)]
    exact = [person for person in matching if word == folded(person.name)]
    chosen = exact or matching
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(person.name for person in chosen or people)
    if not names:
        raise InvalidInput("There is no colleague to choose from in this school.", field=field)
    raise InvalidInput(f"Name one of these colleagues: {names}.", field=field)

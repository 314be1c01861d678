"""Parse a typed ``log`` after its kind: whether the student was present, the day, the note."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.cards.cases.dialogs import NOT_REACHED, REACHED
from store.rules.text.date_parsing import is_day

_AFTER_DAY = re.compile(r"[:,]\s|\s[-\u2013\u2014]\s|:(?!\S)")
"""The sign between the day and the note. Without it, the day is a part of the note."""
_PLAIN_DAY = re.compile(r"(yesterday|today)\s+", re.IGNORECASE)
"""Words that need no sign after them: as a note's beginning they say the same."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line's parts. ``on`` is the day as typed, '' for today; ``reached`` None: not said."""

    note: str
    reached: bool | None = None
    on: str = ""


def as_typed(note: str) -> Typed:
    """Parse ``not-reached yesterday: rang twice``: the two words in either order, both optional.

    A note that consists only of these words stays as it is.
    """
    found = Typed(note.strip())
    for _ in range(2):
        found = _without_day(_without_reached(found))
    return found if found.note else Typed(note.strip())


def reached_word(word: str) -> bool | None:
    """Give the form's word for whether the student was present; None where it was not said."""
    return {REACHED: True, NOT_REACHED: False}.get(word.casefold())


def _without_reached(typed: Typed) -> Typed:
    first, _, rest = typed.note.partition(" ")
    said = reached_word(first.rstrip(":,"))
    if typed.reached is not None or said is None or not rest.strip():
        return typed
    return replace(typed, note=rest.strip(), reached=said)


def _without_day(typed: Typed) -> Typed:
    if typed.on:
        return typed
    sign, plain = _AFTER_DAY.search(typed.note), _PLAIN_DAY.match(typed.note)
    day = typed.note[: sign.start()].rstrip() if sign else ""
    if sign and is_day(day):
        return replace(typed, note=typed.note[sign.end() :].strip(), on=day)
    if plain:
        return replace(typed, note=typed.note[plain.end() :].strip(), on=plain[1])
    return typed

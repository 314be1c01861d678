"""Check the values of a submitted form, which may hold anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from bot.commands.table import Call
from store.rules.errors import InvalidInput

Word = TypeVar("Word", bound=StrEnum)


def read_choice(words: type[Word], answers: Mapping[str, str], field: str) -> Word:
    """Read the chosen value; raises ``InvalidInput`` beside the field, with every choice."""
    try:
        return words(as_choice(answers.get(field, "")))
    except ValueError:
        named = ", ".join(words)
        raise InvalidInput(f"Choose one of these: {named}.", field=field) from None


def as_choice(typed: str) -> str:
    """Normalise a typed word to compare it with choices: ``Meeting,`` becomes ``meeting``."""
    return typed.rstrip(",;:.").casefold()


def page_meant(call: Call, typed: Sequence[str]) -> int:
    """Read the page number that a button carries or that is typed; 1 where there is none.

    Raises ``InvalidInput`` where it is no page number.
    """
    given = call.interaction.ids.get("page") or (typed[0] if call.was_typed and typed else "1")
    if not given.isascii() or not given.isdigit() or not 0 < len(given) < 6 or int(given) < 1:
        raise InvalidInput(f"Which page? For example: {call.command.example} 2")
    return int(given)

"""What was chosen, checked again: a form can come back with anything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from bot.commands.table import Call
from store.rules.errors import InvalidInput

Word = TypeVar("Word", bound=StrEnum)


def choice(words: type[Word], answers: Mapping[str, str], field: str) -> Word:
    """The chosen word, or a refusal beside the field that lists them all."""
    try:
        return words(answers.get(field, ""))
    except ValueError:
        named = ", ".join(words)
        raise InvalidInput(f"Please choose one of these: {named}.", field=field) from None


def page_meant(call: Call, typed: Sequence[str]) -> int:
    """The page that a button carries, or that was typed; the first where none was."""
    given = call.interaction.ids.get("page") or (typed[0] if call.was_typed and typed else "1")
    if not given.isascii() or not given.isdigit() or not 0 < len(given) < 6 or int(given) < 1:
        raise InvalidInput(f"Which page? For example: {call.command.example} 2")
    return int(given)

"""What was chosen in a dialog, checked again: a form can come back with anything in it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from store.rules.errors import InvalidInput

Word = TypeVar("Word", bound=StrEnum)


def choice(words: type[Word], answers: Mapping[str, str], field: str) -> Word:
    """The chosen word, or a refusal beside the field."""
    try:
        return words(answers.get(field, ""))
    except ValueError:
        raise InvalidInput("Please choose one of these.", field=field) from None

"""The input fields of the neutral card: a choice of several, or typed text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards.kit.ids import LONGEST_VALUE, check_target
from store.rules.text.limits import LONGEST_WORDS

LONGEST_INPUT = 3000


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select: the value that is sent, and the label that is read."""

    value: str
    label: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.value) <= LONGEST_VALUE:
            raise ValueError(f"an option's value has 1 to {LONGEST_VALUE} characters")


@dataclass(frozen=True, slots=True)
class Select:
    """Choose one option. In a dialog it is an answer; in a card, choosing runs the command.

    ``name`` is the field's name in a dialog and the command's in a card, where ``ids`` count too.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str | None = None
    required: bool = True
    hint: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.options) <= 100:
            raise ValueError(f"the select {self.name!r} needs 1 to 100 options")
        values = {option.value for option in self.options}
        if len(values) < len(self.options) or self.chosen not in {None, *values}:
            raise ValueError(
                f"{self.name!r} has an option twice, or preselects one that it does not have"
            )
        check_target(self.name, self.ids)


class InputKind(StrEnum):
    """The kinds of typed input, which decide the keyboard and the check of a field."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Input:
    """A text field of a dialog. A ``DATE`` answers in ISO form.

    ``is_kept``: what a person types is there again if the dialog is closed before it is saved, as
    far as the platform tells what they typed.
    """

    name: str
    label: str
    kind: InputKind = InputKind.LINE
    value: str = ""
    required: bool = True
    hint: str = ""
    max_length: int = LONGEST_WORDS
    is_kept: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.max_length <= LONGEST_INPUT:
            raise ValueError(f"{self.name!r} takes 1 to {LONGEST_INPUT} characters")
        if len(self.value) > self.max_length:
            raise ValueError(f"{self.name!r} would lose part of its value when it is saved")
        check_target(self.name, {})

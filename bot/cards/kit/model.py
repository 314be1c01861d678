"""The neutral card: the content that every platform shows, and the actions it offers.

A card or dialog is written once and rendered three times (Block Kit, Adaptive Cards, the
sandbox's HTML). The renderer handles everything that differs between platforms, such as escaping,
limits and identifiers; all content and meaning is here.

Text is plain text. There is no markup in it, so no name, reason or reply that a person typed
can mention a channel, make a link or format itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards.kit.fields import LONGEST_INPUT, Input, InputKind, Option, Select
from bot.cards.kit.ids import LONGEST_DIALOG_IDS, check_target
from bot.cards.kit.parts import (
    LONGEST_LETTER,
    Chart,
    Divider,
    Facts,
    Fold,
    Link,
    Part,
    Reasons,
    StateIcon,
    StatusLine,
    Text,
    TextStyle,
    Title,
)

# Modules that build cards import everything from here.
__all__ = [
    "LONGEST_INPUT",
    "LONGEST_LETTER",
    "MOST_SHOWN",
    "Actions",
    "Button",
    "ButtonStyle",
    "Card",
    "CardBlock",
    "CasePart",
    "Chart",
    "Dialog",
    "DialogBlock",
    "Divider",
    "Facts",
    "Fold",
    "Input",
    "InputKind",
    "Link",
    "Option",
    "Part",
    "Reasons",
    "Row",
    "Select",
    "Shown",
    "StateIcon",
    "StatusLine",
    "Text",
    "TextStyle",
    "Title",
]

MOST_SHOWN = 5
"""Buttons that a card shows at once, *More* among them."""


class ButtonStyle(StrEnum):
    """How a button looks. ``PRIMARY`` is the next sensible step; ``DANGER`` cannot be undone."""

    DEFAULT = "default"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that a person can do.

    ``action`` is the name of a command in the command table; ``ids`` say to what (internal ids
    and versions only, never anything personal, and never a role: who may do it is decided
    again at every click). ``confirm`` is a question to ask before it is done.
    ``opens_dialog``: a dialog follows at once, which Teams must know before the click.
    ``group`` is the heading under which it stands in the menu *More*; '' for none.
    """

    label: str
    action: str
    ids: Mapping[str, str] = field(default_factory=dict)
    style: ButtonStyle = ButtonStyle.DEFAULT
    confirm: str | None = None
    opens_dialog: bool = False
    group: str = ""

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError(f"the button for {self.action!r} needs a label")
        if self.opens_dialog and self.confirm:
            raise ValueError("a button that opens a dialog is confirmed there")
        check_target(self.action, self.ids)


@dataclass(frozen=True, slots=True)
class Actions:
    """A row of buttons: five at most, of which *More* is one; the rest stand under it.

    A button under *More* cannot use ``confirm``, since no menu can ask: it opens a dialog, or it is
    one of the buttons that are shown. ``all_of_them`` opens a dialog with all of these, for a
    platform whose menu is short.
    """

    buttons: tuple[Button, ...]
    more: tuple[Button, ...] = ()
    all_of_them: Button | None = None

    def __post_init__(self) -> None:
        if not self.buttons or len(self.buttons) + bool(self.more) > MOST_SHOWN:
            raise ValueError("a row shows one to five buttons, More among them")
        if any(button.confirm for button in self.more):
            raise ValueError(
                "a menu entry cannot ask for confirmation; show the button, or have it open a "
                "dialog"
            )


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list: what it is, its state, why, and at most one button.

    ``case`` is its id. ``address`` leads to its card; '' where none stands in this conversation.
    """

    reference: str
    state: str
    icon: StateIcon
    line: str
    case: int
    button: Button | None = None
    address: str = ""


CasePart = Title | StatusLine | Reasons | Link
"""What cards say of a case, beside texts, facts and charts."""
Shown = Part | CasePart | Fold | Row
"""Blocks that ask nothing; only a row may have a button."""
CardBlock = Shown | Actions | Select
DialogBlock = Shown | Select | Input | Actions


@dataclass(frozen=True, slots=True)
class Card:
    """One message: its content, and the actions that it offers.

    ``summary`` is one plain sentence: the notification, and what a screen reader says first.
    """

    kind: str
    summary: str
    blocks: tuple[CardBlock, ...]

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ValueError(f"the card {self.kind!r} says nothing")

    def buttons(self) -> Iterator[Button]:
        """Yield every button of the card in order, those under *More* included."""
        yield from _buttons(self.blocks)


@dataclass(frozen=True, slots=True)
class Dialog:
    """A private form. ``action`` and ``ids`` name what submitting it does, as in ``Button``.

    Without ``submit`` it only shows something. Its buttons put another dialog in its place.
    """

    kind: str
    title: str
    action: str
    blocks: tuple[DialogBlock, ...]
    ids: Mapping[str, str] = field(default_factory=dict)
    submit: str | None = None

    def __post_init__(self) -> None:
        names = [item.name for item in self.fields()]
        if len(set(names)) < len(names):
            raise ValueError(f"two fields of the dialog {self.kind!r} have the same name")
        if names and self.submit is None:
            raise ValueError(f"the dialog {self.kind!r} asks but cannot be submitted")
        if not self.blocks:
            raise ValueError(f"the dialog {self.kind!r} says nothing")
        if not all(button.opens_dialog for button in self.buttons()):
            raise ValueError(f"a button of the dialog {self.kind!r} opens no dialog")
        check_target(self.action, self.ids, LONGEST_DIALOG_IDS)

    def fields(self) -> Iterator[Select | Input]:
        """Yield the answers that the dialog asks for, in order."""
        for block in self.blocks:
            if isinstance(block, Select | Input):
                yield block

    def buttons(self) -> Iterator[Button]:
        """Yield every button except the one that submits."""
        yield from _buttons(self.blocks)


def _buttons(blocks: tuple[CardBlock, ...] | tuple[DialogBlock, ...]) -> Iterator[Button]:
    for block in blocks:
        if isinstance(block, Actions):
            yield from block.buttons
            yield from block.more
        elif isinstance(block, Row) and block.button:
            yield block.button

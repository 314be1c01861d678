"""Long accounts in pages that each platform shows whole: nothing of them is cut or left out.

Teams is the narrowest, with 28 KB for a dialog; a character takes up four bytes there at most.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.model import DialogBlock, Facts, Text, TextStyle
from bot.cards.text import pieces

CHARACTERS = 4500
BLOCKS = 24
PIECE = 1500
"""A longer text is more than one block: no platform shortens one of this length."""


def whole(text: str, style: TextStyle = TextStyle.PLAIN) -> list[Text]:
    """A text of any length, as blocks."""
    return [Text(piece, style) for piece in pieces(text, PIECE)]


def pages_of(blocks: Sequence[DialogBlock]) -> list[tuple[DialogBlock, ...]]:
    """The blocks in order, as many on each page as there is room for; at least one page."""
    pages: list[list[DialogBlock]] = [[]]
    room = CHARACTERS
    for block in blocks:
        cost = _characters(block)
        if pages[-1] and (cost > room or len(pages[-1]) == BLOCKS):
            pages.append([])
            room = CHARACTERS
        pages[-1].append(block)
        room -= cost
    return [tuple(page) for page in pages]


def _characters(block: DialogBlock) -> int:
    match block:
        case Text():
            return len(block.text)
        case Facts():
            return sum(len(name) + len(value) for name, value in block.items)
        case _:
            return 0

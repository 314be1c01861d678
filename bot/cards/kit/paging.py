"""Split long content into pages that each platform shows in full, with nothing cut.

Teams is the narrowest, with 28 KB for a dialog; a character takes up four bytes there at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards.kit.model import Actions, Button, DialogBlock, Facts, Text, TextStyle
from bot.cards.kit.plain_text import pieces

CHARACTERS = 4500
BLOCKS = 24
PIECE = 1500
"""A longer text is more than one block: no platform shortens one of this length."""


def whole(text: str, style: TextStyle = TextStyle.PLAIN) -> list[Text]:
    """Split a text of any length into blocks."""
    return [Text(piece, style) for piece in pieces(text, PIECE)]


def pages_of(blocks: Sequence[DialogBlock], beside: int = 0) -> list[tuple[DialogBlock, ...]]:
    """Put the blocks on pages in order, as many as there is room for; at least one page.

    ``beside`` are the characters that something else takes up on the first page.
    """
    pages: list[list[DialogBlock]] = [[]]
    room = CHARACTERS - beside
    for block in blocks:
        cost = _characters(block)
        if pages[-1] and (cost > room or len(pages[-1]) == BLOCKS):
            pages.append([])
            room = CHARACTERS
        pages[-1].append(block)
        room -= cost
    return [tuple(page) for page in pages]


@dataclass(frozen=True, slots=True)
class Turning:
    """The buttons that turn the pages of one dialog.

    ``action`` opens a page, by ``ids`` and its number as ``page``. ``before`` and ``after`` are
    the labels of the buttons, and ``order`` says how the pages follow each other.
    """

    action: str
    ids: tuple[tuple[str, str], ...]
    before: str = "Previous page"
    after: str = "Next page"
    order: str = ""

    def beside(self, page: int, pages: int, typed: str) -> Iterator[DialogBlock]:
        """Yield the page number and the buttons to the next pages; nothing for a single page.

        ``typed`` is the command that opens the next page, or the first again after the last.
        """
        if pages == 1:
            return
        order = f", {self.order}" if self.order else ""
        yield Text(f"Page {page} of {pages}{order}. Typed: {typed}", TextStyle.SUBTLE)
        around = ((self.before, page - 1), (self.after, page + 1))
        yield Actions(
            tuple(
                Button(
                    label, self.action, {**dict(self.ids), "page": str(number)}, opens_dialog=True
                )
                for label, number in around
                if 1 <= number <= pages
            )
        )


def _characters(block: DialogBlock) -> int:
    match block:
        case Text():
            return len(block.text)
        case Facts():
            return sum(len(name) + len(value) for name, value in block.items)
        case _:
            return 0

"""Fit a card into a platform's limits: first shorter texts, then fewer of them.

Buttons, selects, inputs, rows and titles are never left out, and a letter is never cut. A card that
cannot be fitted this way raises an error in the tests of its module, and should become two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot.cards.kit.model import (
    Actions,
    CardBlock,
    DialogBlock,
    Input,
    Row,
    Select,
    Text,
    TextStyle,
    Title,
)

Block = CardBlock | DialogBlock
Rendered = TypeVar("Rendered")

CAPS = (3000, 1500, 800, 400, 200, 100, 50, 25)
"""The longest that a text may be, in characters, tried from first to last."""

LEFT_OUT = Text("Some of this is left out here.", TextStyle.SUBTLE)


class CardTooLargeError(ValueError):
    """A card exceeds the platform's limits even with its shortest texts."""


def fitted(
    blocks: Sequence[Block],
    render: Callable[[Sequence[Block], int], Rendered],
    fits: Callable[[Rendered], bool],
) -> Rendered:
    """Render ``render(blocks, cap)`` with the longest texts, then the most blocks, that fit.

    Raises ``CardTooLargeError`` where even the shortest texts do not fit.
    """
    for cap in CAPS:
        rendered = render(blocks, cap)
        if fits(rendered):
            return rendered
    for fewer in _ever_fewer(blocks):
        rendered = render(fewer, CAPS[-1])
        if fits(rendered):
            return rendered
    raise CardTooLargeError("this card is too large for the platform; make it two")


def shed(blocks: Sequence[Block], room: int, cost: Callable[[Block], int]) -> Sequence[Block]:
    """Return the most blocks whose total ``cost`` is at most ``room``.

    Raises ``CardTooLargeError`` where blocks that must be shown need more room.
    """
    for fewer in (blocks, *_ever_fewer(blocks)):
        if sum(map(cost, fewer)) <= room:
            return fewer
    raise CardTooLargeError("this card has too many parts for the platform; make it two")


def _ever_fewer(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the blocks without the last text, then without the last two, and so on.

    A line in the place of the first that was removed says that something is missing.
    """
    kept = list(blocks)
    for at in reversed(range(len(blocks))):
        if _only_says(blocks[at]):
            del kept[at]
            yield [*kept[:at], LEFT_OUT, *kept[at:]]


def _only_says(block: Block) -> bool:
    if isinstance(block, Text):
        return block.style is not TextStyle.LETTER
    return not isinstance(block, Actions | Select | Input | Row | Title)

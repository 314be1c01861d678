"""Draw a chart as a picture within the card, so that there is no address to protect.

Adaptive Cards take ``data:`` addresses since schema 1.2. A chart of twelve columns is below 1 KB,
and the card's limit is 28 KB. The same figures are in words below it.
"""

from __future__ import annotations

import base64

from bot.cards.kit.model import Chart
from bot.teams.png import Colour, png

WIDTH, BARS, NUMBERS = 480, 72, 24
"""Pixels: the whole width, the highest column, and the room above it for its number."""
_WIDEST = 44
_NOTHING, _COLUMN, _INK = range(3)
# Both are visible on Teams' light and dark backgrounds (contrast of 3:1 or more on either).
_COLOURS: tuple[Colour, ...] = ((0, 0, 0, 0), (0x4A, 0x86, 0xC8, 255), (0x7A, 0x7A, 0x7A, 255))
_DIGITS = (
    "### .#. ### ### #.# ### ### ### ### ###",
    "#.# ##. ..# ..# #.# #.. #.. ..# #.# #.#",
    "#.# .#. ### ### ### ### ### ..# ### ###",
    "#.# .#. #.. ..# ..# ..# #.# ..# #.# ..#",
    "### ### ### ### ..# ### ### ..# ### ###",
)
"""The digits 0 to 9, three pixels wide and five high."""


def data_address(chart: Chart) -> str:
    """Return the picture as a ``data:`` address."""
    return f"data:image/png;base64,{base64.b64encode(drawn(chart)).decode()}"


def drawn(chart: Chart) -> bytes:
    """Draw columns on a line, each with its number above."""
    rows = [bytearray(WIDTH) for _ in range(NUMBERS + BARS)]
    rows += [bytearray([_INK]) * WIDTH for _ in range(2)]
    pitch = WIDTH // len(chart.points)
    for at, (_, value) in enumerate(chart.points):
        if value is None:
            continue  # nothing to count: no column, and no zero
        centre = at * pitch + pitch // 2
        height = -(-BARS * value // chart.top)
        top = NUMBERS + BARS - height
        _fill(rows, centre, min(_WIDEST, pitch * 7 // 10), top, height)
        _write(rows, str(value), centre, top, pitch)
    return png(rows, _COLOURS)


def _fill(rows: list[bytearray], centre: int, width: int, top: int, height: int) -> None:
    left = centre - width // 2
    for row in rows[top : top + height]:
        row[left : left + width] = bytes([_COLUMN]) * width


def _write(rows: list[bytearray], number: str, centre: int, bottom: int, room: int) -> None:
    """Draw the number as large as fits into ``room``, just above ``bottom``."""
    cells = 4 * len(number) - 1
    size = min(3, room // (cells + 1))
    left, top = centre - cells * size // 2, bottom - 6 * size
    for y, line in enumerate(_DIGITS):
        glyphs = line.split(" ")
        for x, cell in enumerate(" ".join(glyphs[int(digit)] for digit in number)):
            if cell == "#":
                for row in rows[top + y * size : top + (y + 1) * size]:
                    row[left + x * size : left + (x + 1) * size] = bytes([_INK]) * size

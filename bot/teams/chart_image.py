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
_NOTHING, _COLUMN, _INK, _LINE, _EDGE = range(5)
# Both are visible on Teams' light and dark backgrounds (contrast of 3:1 or more on either).
_COLOURS: tuple[Colour, ...] = (
    (0, 0, 0, 0),
    (0x4A, 0x86, 0xC8, 255),
    (0x7A, 0x7A, 0x7A, 255),
    # The median: dark, with a light edge, so that it is seen on a column and on either background.
    (0x24, 0x24, 0x24, 255),
    (0xFF, 0xFF, 0xFF, 255),
)
_JUTS_OUT = 6
"""Pixels by which the median's line is wider than its column, on either side."""
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
    """Draw columns on a line, each with the class median across it and its number above."""
    rows = [bytearray(WIDTH) for _ in range(NUMBERS + BARS)]
    rows += [bytearray([_INK]) * WIDTH for _ in range(2)]
    pitch = WIDTH // len(chart.points)
    width = min(_WIDEST, pitch * 7 // 10)
    medians = chart.median or (None,) * len(chart.points)
    for at, ((_, value), median) in enumerate(zip(chart.points, medians, strict=True)):
        centre = at * pitch + pitch // 2
        top = NUMBERS + BARS - -(-BARS * (value or 0) // chart.top)
        _fill(rows, centre, width, range(top, NUMBERS + BARS), _COLUMN)
        if median is not None:
            across = NUMBERS + BARS - round(BARS * median / chart.top)
            line = min(pitch, width + 2 * _JUTS_OUT)
            _fill(rows, centre, line, range(across - 2, across + 3), _EDGE)
            _fill(rows, centre, line - 2, range(across - 1, across + 2), _LINE)
        if value is not None:  # where there was nothing to count, there is no zero
            _write(rows, str(value), centre, top, pitch)
    return png(rows, _COLOURS)


def _fill(rows: list[bytearray], centre: int, width: int, lines: range, colour: int) -> None:
    left = centre - width // 2
    for row in rows[lines.start : lines.stop]:
        row[left : left + width] = bytes([colour]) * width


def _write(rows: list[bytearray], number: str, centre: int, bottom: int, room: int) -> None:
    """Draw the number as large as fits into ``room``, just above ``bottom``."""
    cells = 4 * len(number) - 1
    size = min(3, room // (cells + 1))
    left, top = centre - cells * size // 2, bottom - 6 * size
    # Keeps the number clear of a median just above the column.
    _fill(rows, centre, cells * size + 2, range(top - 1, bottom), _NOTHING)
    for y, line in enumerate(_DIGITS):
        glyphs = line.split(" ")
        for x, cell in enumerate(" ".join(glyphs[int(digit)] for digit in number)):
            if cell == "#":
                for row in rows[top + y * size : top + (y + 1) * size]:
                    row[left + x * size : left + (x + 1) * size] = bytes([_INK]) * size

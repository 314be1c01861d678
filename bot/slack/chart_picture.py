"""Draw a chart as the picture that Slack shows: a light panel, since it cannot follow the theme.

It is drawn at twice the size of the target look, so that it is sharp on a phone. The same figures
are in its alternative text and in words below it.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.cards.kit.model import Chart
from bot.cards.kit.plain_text import one_line

SCALE = 2
WIDTH, HEIGHT = 320, 140
"""The target look's pixels; the picture has ``SCALE`` times as many each way."""
_LEFT, _RIGHT, _TOP, _BASE = 10, 310, 58, 116
"""Where the columns stand: their highest top and their foot."""
_INSIDE = 18
"""A column of this height has room for its number inside."""
_BESIDE = 12
"""The room of a number above its column."""
_PANEL, _BAR, _INK, _GREY, _LINE = "#F8F8F8", "#1264A3", "#1D1C1D", "#5A595B", "#C9C9C9"
_STUDENT, _CLASS = "This student", "Class median"
_LABEL = 10
"""The longest label, in characters."""


def drawn(chart: Chart) -> bytes:
    """Draw the chart as a PNG file; the same chart gives the same bytes with the same Pillow."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), _PANEL)
    pen = _Pen(ImageDraw.Draw(picture))
    pen.write(12, 19, one_line(chart.title, 45), 13, _INK, "ls")
    _draw_legend(pen, has_median=bool(chart.median))
    pen.fill(_LEFT, _BASE, _RIGHT, _BASE + 1, _LINE)
    medians = chart.median or (None,) * len(chart.points)
    pitch = (_RIGHT - _LEFT) / len(chart.points)
    labels = [one_line(label, _LABEL) for label, _ in chart.points]
    every = _every(pen, labels, pitch)
    for at, ((_, value), median) in enumerate(zip(chart.points, medians, strict=True)):
        centre = _LEFT + (at + 0.5) * pitch
        _draw_column(pen, centre, pitch, value, median, chart.top)
        if (len(labels) - 1 - at) % every == 0:
            pen.write(centre, 132, labels[at], 11, _GREY, "ms")
    file = BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


class _Pen:
    """Draws in the target look's pixels."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def fill(self, left: float, top: float, right: float, foot: float, colour: str) -> None:
        """Fill a rectangle."""
        edges = (left * SCALE, top * SCALE, right * SCALE - 1, foot * SCALE - 1)
        self._draw.rectangle(edges, colour)

    def write(self, x: float, y: float, text: str, size: int, colour: str, anchor: str) -> None:
        """Write a text; ``anchor`` as Pillow names it: "ls" begins at x, "ms" has it in its middle,
        both stand on y."""
        self._draw.text((x * SCALE, y * SCALE), text, colour, _font(size), anchor)

    def width(self, text: str, size: int) -> float:
        """Return the width of a text."""
        return self._draw.textlength(text, _font(size)) / SCALE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)


def _every(pen: _Pen, labels: list[str], pitch: float) -> int:
    """Return which labels have room, counted from the last: all of them, every second, …"""
    widest = max(pen.width(label, 11) for label in labels) + 4
    return max(1, -int(-widest // pitch))


def _draw_legend(pen: _Pen, *, has_median: bool) -> None:
    pen.fill(12, 30, 22, 40, _BAR)
    pen.write(27, 39, _STUDENT, 11, _GREY, "ls")
    if has_median:
        pen.fill(108, 33, 124, 36, _INK)
        pen.write(129, 39, _CLASS, 11, _GREY, "ls")


def _draw_column(
    pen: _Pen, centre: float, pitch: float, value: int | None, median: float | None, top: int
) -> None:
    """Draw one column with the median across it, and its number where no line crosses it."""
    width = min(28.0, pitch * 0.52)
    high = _BASE - (_BASE - _TOP) * (value or 0) / top
    if value is not None:
        pen.fill(centre - width / 2, min(high, _BASE - 2), centre + width / 2, _BASE, _BAR)
    across = None if median is None else _BASE - (_BASE - _TOP) * median / top
    if across is not None:
        line = min(pitch, width + 10)
        pen.fill(centre - line / 2 - 1, across - 2.5, centre + line / 2 + 1, across + 2.5, _PANEL)
        pen.fill(centre - line / 2, across - 1.5, centre + line / 2, across + 1.5, _INK)
    if value is None:  # a dash: where there was nothing to count, there is no zero
        pen.fill(centre - 4, _BASE - 9, centre + 4, _BASE - 8, _GREY)
        return
    foot, colour = high - 4, _INK
    if across is not None and foot - _BESIDE < across < high + 1:
        if _BASE - high >= _INSIDE + 4 and across < high + 3:
            foot, colour = high + _INSIDE, _PANEL
        else:
            foot = across - 5
    pen.write(centre, foot, str(value), 12, colour, "ms")

"""A column chart drawn with block characters, for platforms that show text only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.model import Chart
from bot.cards.kit.plain_text import one_line

GAP = "–"
"""Stands for a week with nothing to count, or without data; a zero would be a count."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def bar(value: int, top: int) -> str:
    """Return one block character for the value, in eight heights; a space for 0."""
    return _EIGHTHS[-(-8 * value // top)]


def draw_columns(chart: Chart) -> str:
    """Draw columns with their values and labels below, in equal widths: 36 characters at most.

    One line of columns, since lines of text have gaps between them. Where labels are too wide
    to stand under every column, the first and the last are named.
    """
    labels = [one_line(label, 10) for label, _ in chart.points]
    width = 3 if len(chart.points) <= 9 else 2
    columns = _row([bar(value or 0, chart.top) * width for _, value in chart.points], width)
    values = _row([GAP if value is None else str(value) for _, value in chart.points], width)
    under = _row(labels, width) if max(map(len, labels)) <= width else _ends(labels, width)
    return "\n".join([columns, values, under])


def _row(cells: Sequence[str], width: int) -> str:
    return " ".join(f"{cell:^{width}}" for cell in cells).rstrip()


def _ends(labels: Sequence[str], width: int) -> str:
    first, last = labels[0], labels[-1]
    whole = len(labels) * (width + 1) - 1
    if len(labels) == 1 or len(first) + len(last) >= whole:
        return f"{first} – {last}" if len(labels) > 1 else first
    return f"{first}{last:>{whole - len(first)}}"

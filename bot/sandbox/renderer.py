"""Render cards and dialogs as HTML fragments for the sandbox.

The fragments work without a script: buttons and selects are forms, *More* is a ``details``. What a
page may add is named in attributes: ``data-confirm`` holds a question to ask before the form goes,
``data-submit-on-change`` marks a select whose *Apply* button may then be hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.cards.kit.column_chart import GAP
from bot.cards.kit.ids import pack
from bot.cards.kit.model import Button, Card, Chart, Dialog
from bot.cards.kit.plain_text import clean, one_line, seen
from bot.cards.notices.thread_notice import Line
from bot.sandbox.action_values import FIELD

CHART_WIDTH = 360
BAR_HEIGHT = 64
LABEL_CHARACTER = 7
"""Pixels for one character of a chart's label, with some room."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart, in pixels; ``label`` is empty where there is no room for it, and
    ``median`` None where the class has none."""

    middle: float
    left: float
    top: float
    width: float
    height: float
    median: float | None
    value: str
    label: str


def message(card: Card) -> dict[str, str]:
    """Return the card as the sandbox's workspace keeps it."""
    return {"html": card_html(card), "summary": card.summary}


def line_message(said: Line) -> dict[str, str]:
    """Return a line in a thread as the sandbox's workspace keeps it."""
    return {"html": line_html(said), "summary": said.summary}


def card_html(card: Card) -> str:
    """Render the card as an ``article``."""
    return _template("card.html").render(card=card)


def line_html(said: Line) -> str:
    """Render a line in a thread; the colleague who needs to act stands out."""
    return _template("line.html").render(line=said)


def dialog_html(
    dialog: Dialog,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> str:
    """Render the dialog as a ``form``: ``values`` were typed before, ``errors`` stand beside."""
    names = {item.name for item in dialog.fields()}
    wrong = errors or {}
    return _template("dialog.html").render(
        dialog=dialog,
        errors=wrong,
        on_top=[said for name, said in wrong.items() if name not in names],
        values=values or {},
    )


def columns(chart: Chart) -> Iterator[Column]:
    """Compute the position of each column of a chart, and which labels have room."""
    slot = CHART_WIDTH / len(chart.points)
    widest = max(1, *(len(name) for name, _ in chart.points)) * LABEL_CHARACTER
    every = -(-widest // int(slot))
    for at, (name, value) in enumerate(chart.points):
        height = 0.0 if value is None else max(2.0, BAR_HEIGHT * value / chart.top)
        has_room = (len(chart.points) - 1 - at) % every == 0
        yield Column(
            middle=round(slot * (at + 0.5), 1),
            left=round(slot * (at + 0.2), 1),
            top=round(BAR_HEIGHT - height, 1),
            width=round(slot * 0.6, 1),
            height=round(height, 1),
            median=_height_of_median(chart, at),
            value=GAP if value is None else str(value),
            label=one_line(name, 12) if has_room else "",
        )


def _height_of_median(chart: Chart, at: int) -> float | None:
    middle = chart.median[at] if chart.median else None
    return None if middle is None else round(BAR_HEIGHT * (1 - middle / chart.top), 1)


def groups(buttons: Sequence[Button]) -> list[tuple[str, list[Button]]]:
    """Put the entries of a menu under their headings, in their order."""
    return [(name, list(each)) for name, each in groupby(buttons, key=lambda one: one.group)]


_environment = Environment(
    loader=PackageLoader("bot.sandbox"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(clean=clean, seen=seen, pack=pack, columns=columns, groups=groups)
_environment.tests["instance"] = lambda block, name: type(block).__name__ == name
_environment.globals.update(FIELD=FIELD, CHART_WIDTH=CHART_WIDTH, BAR_HEIGHT=BAR_HEIGHT)
_template = _environment.get_template

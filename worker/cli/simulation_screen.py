"""A simulation as one screen of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from bot.cards.kit.column_chart import drawn
from bot.cards.policies import weeks_chart
from store.rules.policies.simulation import Simulation, said

_WIDTH = 80


def show(simulation: Simulation) -> Iterator[str]:
    """Line after line: the heading, the chart, and what there is to say."""
    yield f"The draft for {simulation.school}, {simulation.first} to {simulation.last}"
    if simulation.weeks:
        yield ""
        yield "New cases a week"
        yield drawn(weeks_chart(simulation))
        waits = [str(week.waiting) for week in simulation.weeks]
        yield f"Room a week: {simulation.weeks[0].room}. Waiting at the end: {', '.join(waits)}."
    yield ""
    for sentence in said(simulation):
        yield from textwrap.wrap(sentence, _WIDTH, subsequent_indent="  ")
    yield ""
    yield "Nothing live was touched."

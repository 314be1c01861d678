"""A private card for the engagement lead: students with little data, and unusual patterns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import islice

from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example
from store.rules.flags.coverage import Burst, Coverage, notes_for_lead

_SHOWN = 40


def coverage_card(school_name: str, notes: Sequence[str]) -> Card:
    """Show the lead's notes on students with little data in one private message."""
    shown = list(islice(notes, _SHOWN))
    if len(notes) > _SHOWN:
        shown.append(f"and {len(notes) - _SHOWN} more lines")
    return Card(
        kind="coverage",
        summary=f"For you alone: students with little data in {school_name}.",
        blocks=(
            Text(f"For you alone: students with little data in {school_name}", TextStyle.HEADING),
            Text("\n".join(shown)),
            Text(
                "These notes are private. They are not flags, do not appear on cards and do not "
                "count for or against anyone.",
                TextStyle.SUBTLE,
            ),
        ),
    )


@example("coverage")
def _coverage() -> Card:
    gaps = [Coverage(1, 4, 0), Coverage(2, 3, 1)]
    burst = Burst(3, "FR101", dt.date(2026, 10, 12), 212, 1, 11)
    called = {1: "student number X0000812", 2: "LANG-12", 3: "student number X0000090"}
    return coverage_card("School of Invented Languages", notes_for_lead(gaps, [burst], called))


@example("coverage-nothing")
def _nothing() -> Card:
    return coverage_card("School of Invented Languages", notes_for_lead([], [], {}))

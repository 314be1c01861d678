"""A private card for the engagement lead: students with little data, and unusual patterns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example

_SHOWN = 40


def coverage_card(school_name: str, notes: Sequence[str]) -> Card:
    """Show the notes in one private message."""
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
    return coverage_card(
        "School of Invented Languages",
        (
            "2 students whose monitored modules are no cross-section. Little is known of them, so "
            "no flag does not mean that all is well:",
            "  student number X0000812: 0 of 4 modules",
            "  LANG-12: 1 of 3 modules",
            "Much at once, and little else in four weeks. There are many good reasons for it, "
            "such as a download before a journey; ask kindly, if at all:",
            "  student number X0000090: 212 clicks in FR101 on Mon 12 Oct; active on 1 day, the "
            "class on 11",
        ),
    )


@example("coverage-nothing")
def _nothing() -> Card:
    return coverage_card("School of Invented Languages", ("Nothing stands out.",))

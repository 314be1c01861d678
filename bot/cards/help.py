"""The private help card: what a person can do with Lantern."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.model import Card, Facts, Text, TextStyle
from bot.cards.kit.registry import example


def help_card(rows: Sequence[tuple[str, str, str]]) -> Card:
    """List the commands. ``rows`` are (name, what it is for, an example to copy)."""
    return Card(
        kind="help",
        summary="What you can ask Lantern.",
        blocks=(
            Text("What you can ask Lantern", TextStyle.HEADING),
            Facts(tuple((shown, purpose) for _, purpose, shown in rows)),
            Text(
                "You can also type every button on a card. Only you see the answer.",
                TextStyle.SUBTLE,
            ),
        ),
    )


@example("help")
def _help() -> Card:
    return help_card(
        [
            ("take", "Become the owner of a case.", "/lantern take LANG-12"),
            ("view", "Say what you think should happen.", "/lantern view LANG-12"),
        ]
    )

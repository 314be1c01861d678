"""What Lantern can do, in one private card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.model import Card, Facts, Text, TextStyle
from bot.cards.kit.registry import example


def help_card(rows: Sequence[tuple[str, str, str]]) -> Card:
    """``rows`` are (name, what it is for, an example to copy)."""
    return Card(
        kind="help",
        summary="What you can ask Lantern.",
        blocks=(
            Text("What you can ask Lantern", TextStyle.HEADING),
            Facts(tuple((shown, purpose) for _, purpose, shown in rows)),
            Text(
                "Every button on a card can be typed as well. Only you see the answer.",
                TextStyle.SUBTLE,
            ),
        ),
    )


@example("help")
def _help() -> Card:
    return help_card(
        [
            ("take", "Look after a case yourself.", "/lantern take LANG-12"),
            ("view", "Say what you think should happen.", "/lantern view LANG-12"),
        ]
    )

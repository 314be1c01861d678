"""Stopping a school's mail: why."""

from __future__ import annotations

from bot.cards.kit.model import Dialog, Input, Text
from bot.cards.kit.registry import example
from store.queries.schools.staff import School


def stop_dialog(school: School) -> Dialog:
    """Asks why, since colleagues who find their mail waiting will ask too."""
    return Dialog(
        kind="stop-mail",
        title="Stop all mail",
        action="stop-mail",
        submit="Stop all mail",
        ids={"school": str(school.id)},
        blocks=(
            Text(f"No mail leaves {school.name} until you start it again. Nothing is lost."),
            Input("why", "Why?", max_length=200),
        ),
    )


@example("dialog-stop-mail")
def _stop() -> Dialog:
    return stop_dialog(School(1, "LANG", "School of Invented Languages"))

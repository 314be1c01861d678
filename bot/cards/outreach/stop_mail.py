"""The dialog to stop a school's emails."""

from __future__ import annotations

from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import Dialog, Input, Text
from bot.cards.kit.registry import example
from store.queries.schools.staff import School


def stop_dialog(school: School) -> Dialog:
    """Ask why to stop a school's emails; colleagues whose emails wait will ask, too."""
    return school_dialog(
        school,
        "stop-mail",
        title="Stop emails",
        submit="Stop emails",
        blocks=(
            Text(f"{school.name} sends no emails until you start them again. Nothing is deleted."),
            Input("why", "Why?", max_length=200),
        ),
    )


@example("dialog-stop-mail")
def _stop() -> Dialog:
    return stop_dialog(School(1, "LANG", "School of Invented Languages"))

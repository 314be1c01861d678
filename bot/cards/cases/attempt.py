"""The dialog to log an attempt to contact the student."""

from __future__ import annotations

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.cases.contact_ladder import RESULTS
from store.rules.model import CaseStatus


def attempt_dialog(view: CaseView) -> Dialog:
    """Ask how the colleague tried to contact the student, and the result."""
    results = dict.fromkeys(each for possible in RESULTS.values() for each in possible)
    return case_dialog(
        view,
        "attempt",
        title=f"Attempt, {view.case.reference}",
        submit="Log",
        blocks=(
            Select(
                "rung",
                "How did you try?",
                tuple(Option(rung.value, rung.label.capitalize()) for rung in RESULTS),
            ),
            Select(
                "result",
                "What was the result?",
                tuple(Option(each.value, each.label.capitalize()) for each in results),
            ),
            Input("note", "Anything to add?", InputKind.PARAGRAPH, required=False),
        ),
    )


@example("dialog-attempt")
def _attempt() -> Dialog:
    return attempt_dialog(sample.sample_case_view(CaseStatus.IN_CONTACT))

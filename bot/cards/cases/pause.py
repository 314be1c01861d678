"""The private forms of a case that rests: pause, snooze and exempt."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.dialogs import case_ids
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.model import CaseStatus, ExemptionKind
from store.rules.text.limits import LONGEST_ON_A_CARD

EXEMPTIONS = {
    ExemptionKind.APPROVED_ABSENCE: "Approved absence",
    ExemptionKind.PLACEMENT: "Placement",
    ExemptionKind.INTERRUPTION: "Interruption of studies",
    ExemptionKind.CIRCUMSTANCES_KNOWN: "Circumstances known",
}


def pause_dialog(view: CaseView, until: dt.date) -> Dialog:
    """Until when, and why. ``until`` is suggested."""
    return Dialog(
        kind="pause",
        title=f"Pause {view.case.reference}",
        action="pause",
        ids=case_ids(view),
        submit="Pause",
        blocks=(
            Text(
                "Nobody writes to the student about engagement until that day. A mail that has "
                "not left is cancelled. A concern for welfare does not wait.",
                TextStyle.SUBTLE,
            ),
            Input("until", "Until", InputKind.DATE, value=until.isoformat()),
            Input(
                "why",
                "Why?",
                hint="A few words. They stand on the card.",
                max_length=LONGEST_ON_A_CARD,
            ),
        ),
    )


def snooze_dialog(view: CaseView, until: dt.date) -> Dialog:
    """Until when nobody is reminded."""
    return Dialog(
        kind="snooze",
        title=f"Snooze {view.case.reference}",
        action="snooze",
        ids=case_ids(view),
        submit="Snooze",
        blocks=(
            Text(
                "Nobody is reminded of it until that day, unless something new is seen. "
                "Everything else stays possible.",
                TextStyle.SUBTLE,
            ),
            Input("until", "Until", InputKind.DATE, value=until.isoformat()),
        ),
    )


def exempt_dialog(view: CaseView, today: dt.date) -> Dialog:
    """Why, from when and to when."""
    return Dialog(
        kind="exempt",
        title=f"Exempt, {view.case.reference}",
        action="exempt",
        ids=case_ids(view),
        submit="Exempt the student",
        blocks=(
            Text(
                "Silence means nothing in that time: no flag is raised, and nobody writes about "
                "engagement.",
                TextStyle.SUBTLE,
            ),
            Select(
                "kind",
                "Why?",
                tuple(Option(kind.value, EXEMPTIONS[kind]) for kind in EXEMPTIONS),
            ),
            Input("first", "First day", InputKind.DATE, value=today.isoformat()),
            Input(
                "last",
                "Last day",
                InputKind.DATE,
                required=False,
                hint="Empty: until somebody ends it.",
            ),
            Input("reason", "What is known?", hint="A few words, without what is private."),
        ),
    )


@example("dialog-pause")
def _pause() -> Dialog:
    return pause_dialog(sample.case_view(CaseStatus.OPEN), sample.DAY + dt.timedelta(days=7))


@example("dialog-snooze")
def _snooze() -> Dialog:
    return snooze_dialog(sample.case_view(CaseStatus.OPEN), sample.DAY + dt.timedelta(days=3))


@example("dialog-exempt")
def _exempt() -> Dialog:
    return exempt_dialog(sample.case_view(CaseStatus.OPEN), sample.DAY)

"""The private dialogs to pause or snooze a case, or exempt its student."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.model import CaseStatus, ExemptionKind, MarkerFamily
from store.rules.text.limits import LONGEST_ON_A_CARD

ADJUSTMENTS = {
    MarkerFamily.ATTENDANCE: "Adjustment: attendance is not expected",
    MarkerFamily.MEETINGS: "Adjustment: meetings are not expected",
}

EXEMPTIONS = {
    ExemptionKind.APPROVED_ABSENCE: "Approved absence",
    ExemptionKind.PLACEMENT: "Placement",
    ExemptionKind.INTERRUPTION: "Interruption of studies",
    ExemptionKind.CIRCUMSTANCES_KNOWN: "Circumstances known",
}


def pause_dialog(view: CaseView, until: dt.date) -> Dialog:
    """Ask until when to pause a case, and why. ``until`` is the suggested date."""
    return case_dialog(
        view,
        "pause",
        title=f"Pause {view.case.reference}",
        submit="Pause",
        blocks=(
            Text(
                "No emails about engagement are sent until that day. Any unsent email is "
                "cancelled. You can still act on a welfare concern.",
                TextStyle.SUBTLE,
            ),
            Input("until", "Until", InputKind.DATE, value=until.isoformat()),
            Input(
                "why",
                "Why?",
                hint="A few words. They appear on the card.",
                max_length=LONGEST_ON_A_CARD,
            ),
        ),
    )


def snooze_dialog(view: CaseView, until: dt.date) -> Dialog:
    """Ask until when to stop reminders."""
    return case_dialog(
        view,
        "snooze",
        title=f"Snooze {view.case.reference}",
        submit="Snooze",
        blocks=(
            Text(
                "Lantern sends no reminders about it until that day, unless there is a new flag. "
                "You can still do everything else.",
                TextStyle.SUBTLE,
            ),
            Input("until", "Until", InputKind.DATE, value=until.isoformat()),
        ),
    )


def exempt_dialog(view: CaseView, today: dt.date) -> Dialog:
    """Ask why to exempt a student, and for the first and the last day."""
    return case_dialog(
        view,
        "exempt",
        title=f"Exempt, {view.case.reference}",
        submit="Exempt the student",
        blocks=(
            Text(
                "During this time Lantern raises no flags and no emails about engagement are sent.",
                TextStyle.SUBTLE,
            ),
            Select(
                "kind",
                "Why?",
                (
                    *(Option(kind.value, EXEMPTIONS[kind]) for kind in EXEMPTIONS),
                    *(Option(family.value, ADJUSTMENTS[family]) for family in ADJUSTMENTS),
                ),
                hint="With an adjustment all else counts, and no colleague sees the reason.",
            ),
            Input("first", "First day", InputKind.DATE, value=today.isoformat()),
            Input(
                "last",
                "Last day",
                InputKind.DATE,
                required=False,
                hint="Leave empty to continue until a colleague ends it.",
            ),
            Input("reason", "What is the reason?", hint="A few words. Leave out private details."),
        ),
    )


@example("dialog-pause")
def _pause() -> Dialog:
    return pause_dialog(sample.sample_case_view(CaseStatus.OPEN), sample.DAY + dt.timedelta(days=7))


@example("dialog-snooze")
def _snooze() -> Dialog:
    return snooze_dialog(
        sample.sample_case_view(CaseStatus.OPEN), sample.DAY + dt.timedelta(days=3)
    )


@example("dialog-exempt")
def _exempt() -> Dialog:
    return exempt_dialog(sample.sample_case_view(CaseStatus.OPEN), sample.DAY)

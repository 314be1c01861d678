"""The private forms about a student who has died: report it, confirm or correct it, undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.cases.death_card import DECIDE, REPORTED, death_line, reported_view
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog, case_ids
from bot.cards.kit.model import (
    Actions,
    Button,
    Dialog,
    DialogBlock,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView, PrivateView
from store.rules.access.death import Death, DeathDecision
from store.rules.calendar import institution_day
from store.rules.model import CaseStatus
from store.rules.text.formatting import short_day

UNDO = "undo"


def shown_after_death(
    view: CaseView,
    death: Death,
    private: PrivateView | None,
    *,
    may_undo: bool = False,
    may_decide: bool = False,
) -> Dialog:
    """Show the student's details to those who may see them, and messages received since."""
    blocks: list[DialogBlock] = [Text(death_line(death))]
    if private is not None:
        blocks += [
            Text(f"{private.name}, student number {private.number}"),
            Text("The access log records that you opened this.", TextStyle.SUBTLE),
            *_messages(private, death),
        ]
    steps = ((may_decide, "Confirm or correct", DECIDE), (may_undo, "Undo the report", UNDO))
    buttons = tuple(
        Button(label, "death", {"case": str(view.case.id), "step": step}, opens_dialog=True)
        for may_take_it, label, step in steps
        if may_take_it
    )
    if buttons:
        blocks.append(Actions(buttons))
    return case_dialog(
        view,
        "show",
        title=view.case.reference,
        blocks=tuple(blocks),
    )


def _messages(private: PrivateView, death: Death) -> Sequence[Text]:
    said = [(each.at, each.words) for each in private.said]
    return [
        Text(f"{short_day(institution_day(at))}: {words}", TextStyle.QUOTE)
        for at, words in sorted([*private.answers, *said])
        if at >= death.reported_at and words
    ]


def report_dialog(view: CaseView) -> Dialog:
    """Ask what is known about a student's death, and say what the report stops at once."""
    return case_dialog(
        view,
        "death",
        title="Report a death",
        submit="Report the death",
        blocks=(
            Text(
                f"Report that the student of {view.case.reference} has died. Everything stops at "
                "once, in every school: emails, drafts, reminders, links and pages."
            ),
            Text(
                "A second colleague is asked to confirm it. Everything stops before they answer.",
                TextStyle.SUBTLE,
            ),
            Input(
                "known",
                "What do you know, and who told you?",
                InputKind.PARAGRAPH,
                max_length=500,
                hint="A few words, such as: the registry told us this morning.",
            ),
        ),
    )


def decide_dialog(
    view: CaseView,
    death: Death,
    decision: DeathDecision | None = None,
    why: str = "",
    *,
    message_came: bool = False,
) -> Dialog:
    """Ask the second colleague to confirm or correct the report, and how they know.

    ``decision`` and ``why`` are what they typed; None where they have not chosen yet.
    ``message_came``: since the report a message of the student, or of their family, has come in.
    """
    came = Text(
        "A message has come in since the report. Read it first: it may be from the family, or "
        f"mean that the report is not right. /lantern reveal {view.case.reference}"
    )
    return Dialog(
        kind="death-decide",
        title="Confirm or correct",
        action="death",
        ids=case_ids(view) | {"step": DECIDE},
        submit="Save",
        blocks=(
            Text(death_line(death)),
            *([came] if message_came else []),
            Select(
                "decision",
                "What do you know?",
                (
                    Option(DeathDecision.CONFIRMED, "The student has died"),
                    Option(DeathDecision.REFUSED, "This is not right: restore everything"),
                ),
                chosen=decision.value if decision else None,
            ),
            Input(
                "why",
                "How do you know?",
                InputKind.PARAGRAPH,
                max_length=500,
                value=why[:500],
                hint="A few words of your own, such as: I spoke with the registry today.",
            ),
        ),
    )


def undo_dialog(view: CaseView, death: Death) -> Dialog:
    """Ask the engagement lead or the data protection officer how they know, to undo the report."""
    return Dialog(
        kind="death-undo",
        title="Undo the report",
        action="death",
        ids=case_ids(view) | {"step": UNDO},
        submit="Undo the report",
        blocks=(
            Text(death_line(death)),
            Text(
                "This restores everything. Any email that had been approved becomes a draft again.",
                TextStyle.SUBTLE,
            ),
            Input("why", "How do you know?", InputKind.PARAGRAPH, max_length=500),
        ),
    )


@example("dialog-show-died")
def _shown() -> Dialog:
    confirmed = replace(REPORTED, is_confirmed=True)
    return shown_after_death(reported_view(), confirmed, sample.private(), may_undo=True)


@example("dialog-death")
def _report() -> Dialog:
    return report_dialog(sample.sample_case_view(CaseStatus.IN_CONTACT))


@example("dialog-death-decide")
def _decide() -> Dialog:
    return decide_dialog(reported_view(), REPORTED, message_came=True)


@example("dialog-death-undo")
def _undo() -> Dialog:
    return undo_dialog(reported_view(), replace(REPORTED, is_confirmed=True))

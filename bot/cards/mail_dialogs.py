"""The mail to a student: write it, then have a colleague read the whole of it and approve."""

from __future__ import annotations

from bot.cards import sample
from bot.cards.case_dialogs import case_ids
from bot.cards.model import Dialog, Facts, Input, InputKind, Text, TextStyle
from bot.cards.registry import example
from store.casework.letter import LONGEST_BODY, LONGEST_SUBJECT, Letter
from store.queries.case_views import CaseView
from store.rules.case import Outreach
from store.rules.model import CaseStatus, Purpose, Rung


def draft_dialog(view: CaseView, letter: Letter) -> Dialog:
    """The suggested mail, to be made one's own."""
    return Dialog(
        kind="draft",
        title=f"Mail for {view.case.reference}",
        action="draft-welfare" if letter.purpose is Purpose.WELFARE else "draft",
        ids=case_ids(view),
        submit="Save the draft",
        blocks=(
            *([Text(f"Sent back: {letter.returned}")] if letter.returned else []),
            Facts(
                (
                    ("From", letter.sender),
                    ("To", letter.recipient),
                    ("Step of contact", letter.rung.label.capitalize()),
                )
            ),
            Input("subject", "Subject", value=letter.subject, max_length=LONGEST_SUBJECT),
            Input(
                "body",
                "Mail",
                InputKind.PARAGRAPH,
                value=letter.body,
                max_length=LONGEST_BODY,
                hint="Make it your own. Nothing leaves before somebody has read and approved it.",
            ),
        ),
    )


def approve_dialog(view: CaseView, mail: Outreach) -> Dialog:
    """The whole mail, exactly as it would leave."""
    return Dialog(
        kind="approve",
        title=f"Approve mail, {view.case.reference}",
        action="approve",
        ids={**case_ids(view), "mail": str(mail.id)},
        submit="Approve and send",
        blocks=(
            Facts((("From", mail.sender), ("To", mail.recipient), ("Subject", mail.subject))),
            Text(mail.body, TextStyle.LETTER),
            Text(
                "You approve exactly these words, in your name. To change them, cancel and choose "
                "Edit the draft under More.",
                TextStyle.SUBTLE,
            ),
        ),
    )


@example("dialog-draft")
def _draft() -> Dialog:
    mail = sample.outreach()
    letter = Letter(Rung.UNIVERSITY_EMAIL, mail.sender, mail.recipient, mail.subject, mail.body)
    return draft_dialog(sample.case_view(CaseStatus.AGREED), letter)


@example("dialog-approve")
def _approve() -> Dialog:
    return approve_dialog(sample.case_view(CaseStatus.AGREED), sample.outreach())

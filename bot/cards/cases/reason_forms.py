"""Forms that ask for one reason in words: the welfare route, its review, a draft sent back."""

from __future__ import annotations

from bot.cards.cases.dialogs import case_ids
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Dialog, Input, InputKind, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.cases.case import Outreach
from store.rules.model import CaseStatus


def welfare_dialog(view: CaseView) -> Dialog:
    """Why can this not wait?"""
    return _asks(
        view,
        "welfare",
        f"Welfare, {view.case.reference}",
        "Use the welfare route",
        "A mail about welfare then need not wait for a colleague's view. Your name and your "
        "reason are recorded, and the engagement lead reviews them.",
        Input("why", "Why can this not wait?", InputKind.PARAGRAPH, max_length=1000),
    )


def review_dialog(view: CaseView, used_by: str, why: str) -> Dialog:
    """What does the lead think?"""
    return _asks(
        view,
        "review",
        f"Review, {view.case.reference}",
        "Record the review",
        f"{used_by} used the welfare route: {why}",
        Input("review", "What do you think of it?", InputKind.PARAGRAPH, max_length=1000),
    )


def reject_dialog(view: CaseView, mail: Outreach) -> Dialog:
    """What should be changed?"""
    return _asks(
        view,
        "reject",
        f"Send back, {view.case.reference}",
        "Send the draft back",
        f"The draft “{mail.subject}” goes back to whoever wrote it, and nothing is sent.",
        Input("reason", "What should be different?", InputKind.PARAGRAPH, max_length=1000),
    )


def _asks(view: CaseView, action: str, title: str, submit: str, says: str, asked: Input) -> Dialog:
    return Dialog(
        kind=action,
        title=title,
        action=action,
        ids=case_ids(view),
        submit=submit,
        blocks=(Text(says, TextStyle.SUBTLE), asked),
    )


@example("dialog-welfare")
def _welfare() -> Dialog:
    return welfare_dialog(sample.case_view(CaseStatus.DISCUSSING))


@example("dialog-review")
def _review() -> Dialog:
    return review_dialog(
        sample.case_view(CaseStatus.DISCUSSING), "Bob Example", "A worrying voice message today."
    )


@example("dialog-reject")
def _reject() -> Dialog:
    return reject_dialog(sample.case_view(CaseStatus.AGREED), sample.outreach())

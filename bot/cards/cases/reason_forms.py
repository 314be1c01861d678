"""Dialogs that ask for a reason: the welfare route, its review, a returned draft."""

from __future__ import annotations

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.cases.case import Outreach
from store.rules.model import CaseStatus


def welfare_dialog(view: CaseView) -> Dialog:
    """Ask why an email about welfare cannot wait."""
    return _asks(
        view,
        "welfare",
        f"Welfare, {view.case.reference}",
        "Use the welfare route",
        "You can then email about welfare without a colleague's view. Lantern records your "
        "name and reason, and the engagement lead reviews them.",
        Input("why", "Why can this not wait?", InputKind.PARAGRAPH, max_length=1000),
    )


def review_dialog(view: CaseView, used_by: str, why: str) -> Dialog:
    """Ask the engagement lead to review a use of the welfare route."""
    return _asks(
        view,
        "review",
        f"Review, {view.case.reference}",
        "Record the review",
        f"{used_by} used the welfare route: {why}",
        Input("review", "What do you think of it?", InputKind.PARAGRAPH, max_length=1000),
    )


def reject_dialog(view: CaseView, mail: Outreach) -> Dialog:
    """Ask what should change before a draft is returned."""
    return _asks(
        view,
        "reject",
        f"Send back, {view.case.reference}",
        "Send the draft back",
        f"Lantern returns the draft “{mail.subject}” to its author. Nothing is sent.",
        Input("reason", "What should be different?", InputKind.PARAGRAPH, max_length=1000),
    )


def _asks(view: CaseView, action: str, title: str, submit: str, says: str, asked: Input) -> Dialog:
    return case_dialog(
        view,
        action,
        title=title,
        submit=submit,
        blocks=(Text(says, TextStyle.SUBTLE), asked),
    )


@example("dialog-welfare")
def _welfare() -> Dialog:
    return welfare_dialog(sample.sample_case_view(CaseStatus.DISCUSSING))


@example("dialog-review")
def _review() -> Dialog:
    return review_dialog(
        sample.sample_case_view(CaseStatus.DISCUSSING),
        "Bob Example",
        "A worrying voice message today.",
    )


@example("dialog-reject")
def _reject() -> Dialog:
    return reject_dialog(sample.sample_case_view(CaseStatus.AGREED), sample.outreach())

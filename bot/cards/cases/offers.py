"""Every button that a case may offer, when it is offered, and to which people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.cases.state import has_draft
from store.queries.cases.records import CaseView
from store.rules.cases.case import Actor
from store.rules.cases.lifecycle import TRANSITIONS, Move
from store.rules.model import CaseStatus, OutreachStatus


def _always(_view: CaseView) -> bool:
    return True


def _may_be_drafted(view: CaseView) -> bool:
    return not has_draft(view) and not view.case.complaint


def _waits_for_acknowledgement(view: CaseView) -> bool:
    return view.case.status is CaseStatus.HANDED_OVER or any(
        alert.acknowledged_by is None for alert in view.alerts
    )


def _waits_for_review(view: CaseView) -> bool:
    return any(used.reviewed_by is None for used in view.emergencies)


def _was_contacted(view: CaseView) -> bool:
    return bool(view.attempts) or any(
        mail.status in (OutreachStatus.SENT, OutreachStatus.BOUNCED) for mail in view.mails
    )


def _has_no_complaint(view: CaseView) -> bool:
    return not view.case.has_own_complaint


def _has_emergency(view: CaseView) -> bool:
    return bool(view.emergencies)


def _has_complaint(view: CaseView) -> bool:
    return view.case.has_own_complaint


def _waits_for_answer(view: CaseView) -> bool:
    return view.awaits_answer


def _has_answer(view: CaseView) -> bool:
    return view.case.status is CaseStatus.RESPONDED


def _has_doubtful_reply(view: CaseView) -> bool:
    return bool(view.doubts)


def _has_texts(view: CaseView) -> bool:
    return bool(view.views or view.interventions or view.answered_at)


CONTACT, RECORD, ARRANGE, CLOSE = "Contact", "Record", "Arrange", "Close"
"""The headings of the menu *More*, in their order; at most seven entries stand under each."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One button: its label, its command, its lifecycle move, and when else it is offered."""

    group: str
    label: str
    action: str
    move: Move | None = Move.WORK
    when: Callable[[CaseView], bool] = _always
    opens_dialog: bool = True
    ids: tuple[tuple[str, str], ...] = ()
    """Besides the case and its version."""

    def fits(self, view: CaseView, person: Actor | None) -> bool:
        """Return whether the button is offered now, to ``person`` or to everyone in the channel."""
        possible = self.move is None or (view.case.status, self.move) in TRANSITIONS
        if view.case.complaint and self.action in _CONTACTS:
            return False
        if not (possible and self.when(view)) or view.ready is None:
            return possible and self.when(view)
        what = dict(self.ids).get("step", self.action)
        return view.ready.can(what, person) if person else view.ready.anyone_can(what)


_CONTACTS = frozenset({"draft", "approve", "reject", "traces", "refer", "fitness", "ladder"})
"""Taken away, not refused on the click, while a complaint stops contact about engagement."""

OFFERS = (
    Offer(CONTACT, "Read and approve", "approve", when=has_draft),
    Offer(CONTACT, "Edit the draft", "draft", when=has_draft),
    Offer(CONTACT, "Send the draft back", "reject", when=has_draft),
    Offer(CONTACT, "Draft email", "draft", Move.DRAFT, when=_may_be_drafted),
    Offer(CONTACT, "Answer the student", "said", None, when=_waits_for_answer),
    Offer(CONTACT, "Check reply", "check-reply", None, when=_has_doubtful_reply),
    Offer(CONTACT, "Read answer", "read-now", None, when=_has_answer),
    Offer(CONTACT, "Log a contact", "log"),
    Offer(CONTACT, "Digital traces", "traces", when=_was_contacted),
    Offer(CONTACT, "Refer to a service", "refer"),
    Offer(CONTACT, "Welfare concern", "welfare", Move.WELFARE),
    # A concern that cannot wait reopens a closed case itself.
    Offer(CONTACT, "Welfare concern", "welfare", Move.REOPEN),
    Offer(CONTACT, "Write about welfare", "draft-welfare", Move.WELFARE, when=_has_emergency),
    Offer(RECORD, "Show", "show", None),
    Offer(RECORD, "Reveal", "reveal", None),
    Offer(RECORD, "Add view", "view", Move.DISCUSS),
    Offer(RECORD, "Contact ladder", "ladder", opens_dialog=False),
    Offer(RECORD, "Earlier cases", "history", None),
    Offer(RECORD, "Mark harmful text", "mark-harm", None, when=_has_texts),
    Offer(RECORD, "Record a complaint", "complaint"),
    Offer(
        RECORD,
        "Resolve the complaint",
        "complaint",
        None,
        when=_has_complaint,
        ids=(("step", "resolve"),),
    ),
    Offer(
        RECORD,
        "Evidence of the complaint",
        "complaint",
        None,
        when=_has_complaint,
        ids=(("step", "export"),),
    ),
    Offer(ARRANGE, "Take", "take", opens_dialog=False),
    Offer(
        ARRANGE, "Acknowledge", "acknowledge", when=_waits_for_acknowledgement, opens_dialog=False
    ),
    Offer(ARRANGE, "Ask a colleague", "ask", Move.DISCUSS),
    Offer(ARRANGE, "Assign", "assign"),
    # While a complaint is open, its resolution ends the pause, and no one emails the student.
    Offer(ARRANGE, "Resume", "resume", Move.RESUME, _has_no_complaint, opens_dialog=False),
    Offer(ARRANGE, "Snooze", "snooze"),
    Offer(ARRANGE, "Pause", "pause", Move.PAUSE),
    Offer(ARRANGE, "Exempt", "exempt"),
    # A complaint is resolved before its case is closed, and on a case that is closed already.
    Offer(CLOSE, "Close", "close", Move.CLOSE, _has_no_complaint),
    Offer(CLOSE, "Reopen", "reopen", Move.REOPEN, opens_dialog=False),
    Offer(CLOSE, "Fitness to Study", "fitness", when=_was_contacted),
    Offer(CLOSE, "Review the welfare route", "review", None, when=_waits_for_review),
    Offer(CLOSE, "Report a death", "death", None),
)

"""The buttons of a case's card: the usual next actions, and the rest under More.

What a case can do now is read from the lifecycle's transitions, and what else is known before a
click from ``Readiness``. No button is shown that is certain to be refused: to the person whose
card it is, or, on a card that everyone sees, to all who may press it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.kit.model import Actions, Button, ButtonStyle
from store.queries.cases.records import CaseView
from store.rules.cases.case import Actor
from store.rules.cases.lifecycle import TRANSITIONS, Move
from store.rules.model import CaseStatus, OutreachStatus


def _always(_view: CaseView) -> bool:
    return True


def _has_draft(view: CaseView) -> bool:
    return any(mail.status is OutreachStatus.DRAFT for mail in view.mails)


def _may_be_drafted(view: CaseView) -> bool:
    return not _has_draft(view) and not view.case.complaint


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


def _has_doubtful_reply(view: CaseView) -> bool:
    return bool(view.doubts)


@dataclass(frozen=True, slots=True)
class _Offer:
    """One button: its label, its command, its lifecycle move, and when else it is offered."""

    label: str
    action: str
    move: Move | None = Move.WORK
    when: Callable[[CaseView], bool] = _always
    opens_dialog: bool = True
    ids: tuple[tuple[str, str], ...] = ()
    """Besides the case and its version."""

    def fits(self, view: CaseView, person: Actor | None) -> bool:
        """Say whether it is offered now, to ``person`` or to everyone in the channel."""
        possible = self.move is None or (view.case.status, self.move) in TRANSITIONS
        if not (possible and self.when(view)) or view.ready is None:
            return possible and self.when(view)
        what = dict(self.ids).get("step", self.action)
        return view.ready.can(what, person) if person else view.ready.anyone_can(what)


_OFFERS = (
    _Offer("Show", "show", None),
    _Offer("Reveal", "reveal", None),
    _Offer("Take", "take", opens_dialog=False),
    _Offer("Acknowledge", "acknowledge", when=_waits_for_acknowledgement, opens_dialog=False),
    _Offer("Add view", "view", Move.DISCUSS),
    _Offer("Ask a colleague", "ask", Move.DISCUSS),
    _Offer("Read and approve", "approve", when=_has_draft),
    _Offer("Edit the draft", "draft", when=_has_draft),
    _Offer("Send the draft back", "reject", when=_has_draft),
    _Offer("Draft email", "draft", Move.DRAFT, when=_may_be_drafted),
    _Offer("Answer the student", "said", None, when=_waits_for_answer),
    _Offer("Check reply", "check-reply", None, when=_has_doubtful_reply),
    _Offer("Log", "log"),
    _Offer("Add a note", "note"),
    _Offer("Contact ladder", "ladder", opens_dialog=False),
    _Offer("Log an attempt", "attempt"),
    _Offer("Digital traces", "traces", when=_was_contacted),
    _Offer("Fitness to Study", "fitness", when=_was_contacted),
    _Offer("Refer to a service", "refer"),
    _Offer("Assign", "assign"),
    _Offer("Close", "close", Move.CLOSE),
    # While a complaint is open, its resolution ends the pause, and no one emails the student.
    _Offer("Resume", "resume", Move.RESUME, _has_no_complaint, opens_dialog=False),
    _Offer("Snooze", "snooze"),
    _Offer("Pause", "pause", Move.PAUSE),
    _Offer("Exempt", "exempt"),
    _Offer("Report a death", "death", None),
    _Offer("Welfare concern", "welfare", Move.WELFARE),
    _Offer("Review the welfare route", "review", None, when=_waits_for_review),
    _Offer("Write about welfare", "draft-welfare", Move.WELFARE, when=_has_emergency),
    _Offer("Record a complaint", "complaint"),
    _Offer("Resolve the complaint", "complaint", when=_has_complaint, ids=(("step", "resolve"),)),
    _Offer(
        "Evidence of the complaint", "complaint", when=_has_complaint, ids=(("step", "export"),)
    ),
    _Offer("Earlier cases", "history", None),
    _Offer("Reopen", "reopen", Move.REOPEN, opens_dialog=False),
)

_OWED = "said"
"""A student who reports a mistake is answered before anything else, whatever the status of the
case."""

_SHOWN = 4
"""Few enough for one row on each platform, with More at its end."""

_FIRST: dict[CaseStatus, tuple[str, ...]] = {
    CaseStatus.OPEN: ("take", "view", "ask", "draft"),
    CaseStatus.DISCUSSING: ("take", "view", "approve", "draft"),
    CaseStatus.AGREED: ("take", "view", "approve", "draft", "ask"),
    CaseStatus.IN_CONTACT: ("show", "log", "ladder", "approve", "draft"),
    CaseStatus.RESPONDED: ("reveal", "log", "approve", "draft", "close"),
    CaseStatus.RE_ENGAGING: ("show", "log", "view", "close"),
    CaseStatus.REFERRED: ("show", "log", "resume", "close"),
    CaseStatus.PAUSED: ("show", "log", "resume", "close"),
    CaseStatus.HANDED_OVER: ("acknowledge", "show", "view", "assign"),
    CaseStatus.CLOSED: ("show", "reopen"),
    CaseStatus.MERGED: ("show",),
}


_USUALLY_NEXT = {
    CaseStatus.OPEN: "view",
    CaseStatus.DISCUSSING: "view",
    CaseStatus.AGREED: "draft",
    CaseStatus.RESPONDED: "reveal",
    CaseStatus.RE_ENGAGING: "close",
    CaseStatus.HANDED_OVER: "acknowledge",
}


def case_actions(view: CaseView, person: Actor | None = None) -> Actions:
    """Build the row of buttons for a case; the usual next action is primary."""
    ids = {"case": str(view.case.id), "version": str(view.case.version)}
    offers = [each for each in _OFFERS if each.fits(view, person)]
    wanted = (_OWED, "check-reply", *_FIRST[view.case.status])
    shown = sorted(
        (each for each in offers if each.action in wanted and each.label != "Edit the draft"),
        key=lambda each: wanted.index(each.action),
    )[:_SHOWN]
    # For a person who may do none of these: the first actions that they may do.
    shown = shown or offers[:1]
    next_step = _next_step(view, person, {each.action for each in shown})

    def button(offer: _Offer) -> Button:
        stands_out = offer.action == next_step and offer in shown
        return Button(
            offer.label,
            offer.action,
            ids | dict(offer.ids),
            ButtonStyle.PRIMARY if stands_out else ButtonStyle.DEFAULT,
            opens_dialog=offer.opens_dialog,
        )

    return Actions(
        tuple(button(each) for each in shown),
        tuple(button(each) for each in offers if each not in shown),
    )


def _next_step(view: CaseView, person: Actor | None, shown: set[str]) -> str | None:
    """Choose the primary action: what usually comes next and can succeed."""
    if view.awaits_answer:
        return _OWED
    if view.left_on:
        return "close"
    if view.case.status is CaseStatus.AGREED and _has_draft(view):
        return "approve" if "approve" in shown else _for_a_view(view, person)
    return _USUALLY_NEXT.get(view.case.status)


def _for_a_view(view: CaseView, person: Actor | None) -> str | None:
    """Choose how a draft gets its view: give one, or ask for one if one's own does not count."""
    draft = view.ready.draft if view.ready else None
    if draft is None or draft.hindrance:
        return None
    return "ask" if person and person.id in draft.writers | draft.views_from else "view"

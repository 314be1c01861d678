"""The transitions of a case, as one table. All others are refused."""

from __future__ import annotations

from enum import StrEnum

from store.rules.cases.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.model import CaseStatus as S
from store.rules.text.formatting import day_ahead


class Move(StrEnum):
    """A transition of a case. The value reads as what the case did.

    ``SENT``, ``BOUNCE``, ``ANSWER``, ``FLAG`` and ``RECOVER`` are events; no person asks for them,
    so none of them is ever refused while a case is open.
    """

    DISCUSS = "be discussed"
    AGREE = "be agreed on"
    DRAFT = "have an email drafted"
    CONTACT = "have its student contacted"
    WELFARE = "have its student contacted about their welfare"
    WORK = "be worked on"
    PAUSE = "be paused"
    REFER = "be referred"
    RESUME = "be resumed"
    HAND_OVER = "be handed over"
    ACKNOWLEDGE = "be acknowledged"
    CLOSE = "be closed"
    REOPEN = "be reopened"
    MERGE = "be merged into the student's open case"
    SENT = "have its email sent"
    BOUNCE = "have its email bounce"
    ANSWER = "receive an answer"
    FLAG = "be flagged again"
    RECOVER = "see its student back"


_ACTIVE = (S.OPEN, S.DISCUSSING, S.AGREED, S.IN_CONTACT, S.RESPONDED, S.RE_ENGAGING, S.REFERRED)
_RESTING = (S.PAUSED, S.HANDED_OVER)
_UNDER_WAY = (*_ACTIVE, *_RESTING)
_DISCUSSED = tuple(status for status in _ACTIVE if status is not S.OPEN)


def _stays(move: Move, *where: S) -> dict[tuple[S, Move], S]:
    return {(status, move): status for status in where}


def _leads(move: Move, to: S, *where: S) -> dict[tuple[S, Move], S]:
    return {(status, move): to for status in where}


TRANSITIONS: dict[tuple[S, Move], S] = {
    # Moves that do not change the status.
    **_stays(Move.WORK, *_UNDER_WAY),
    **_stays(Move.DRAFT, *_ACTIVE),
    # A view opens the discussion; once there is contact, it no longer moves the case.
    **_stays(Move.DISCUSS, *_UNDER_WAY),
    **_leads(Move.DISCUSS, S.DISCUSSING, S.OPEN),
    **_stays(Move.AGREE, *_UNDER_WAY),
    **_leads(Move.AGREE, S.AGREED, S.OPEN, S.DISCUSSING, S.RE_ENGAGING),
    # No contact out of OPEN: discussion comes first (paragraph 13). CONTACT asks whether an email
    # may be approved and sent; SENT says that it was sent, which cannot be undone.
    **_stays(Move.CONTACT, *_DISCUSSED),
    # A welfare concern waits for neither a discussion nor the end of a pause.
    **_stays(Move.WELFARE, *_UNDER_WAY),
    **_leads(Move.SENT, S.IN_CONTACT, *_ACTIVE),
    **_stays(Move.SENT, *_RESTING),
    # A bounced email is no contact (paragraph 15), so the case keeps its earlier status.
    **_stays(Move.BOUNCE, *_UNDER_WAY),
    **_leads(Move.BOUNCE, S.DISCUSSING, S.IN_CONTACT),
    # A student who writes does not wait for the end of a pause.
    **_leads(Move.ANSWER, S.RESPONDED, *_ACTIVE, S.PAUSED),
    **_stays(Move.ANSWER, S.HANDED_OVER),
    **_stays(Move.FLAG, *_UNDER_WAY),
    **_leads(Move.FLAG, S.DISCUSSING, S.RE_ENGAGING),
    # Only after contact does a student's return move the case: before, its flags just clear.
    **_stays(Move.RECOVER, *_UNDER_WAY),
    **_leads(Move.RECOVER, S.RE_ENGAGING, S.IN_CONTACT, S.RESPONDED),
    **_leads(Move.PAUSE, S.PAUSED, *_ACTIVE, S.PAUSED),
    **_leads(Move.REFER, S.REFERRED, *_ACTIVE),
    # To the status before the pause, if that is known (``after``).
    **_leads(Move.RESUME, S.DISCUSSING, S.PAUSED, S.REFERRED),
    **_leads(Move.HAND_OVER, S.HANDED_OVER, *_UNDER_WAY),
    **_leads(Move.ACKNOWLEDGE, S.OPEN, S.HANDED_OVER),
    **_leads(Move.CLOSE, S.CLOSED, *_UNDER_WAY),
    # To the student's answer, if no one had acted on it (``after``).
    **_leads(Move.REOPEN, S.DISCUSSING, S.CLOSED),
    **_leads(Move.MERGE, S.MERGED, S.CLOSED),
}


def after(case: Case, move: Move) -> S:
    """Return the status after the move; raises ``NotPossibleNow`` with what is possible instead."""
    try:
        status = TRANSITIONS[case.status, move]
    except KeyError:
        raise NotPossibleNow(_refusal(case, move)) from None
    if move in (Move.RESUME, Move.REOPEN) and case.rested_from is not None:
        return case.rested_from
    return status


def _refusal(case: Case, move: Move) -> str:
    """Return why the move is not possible, and what to do about it."""
    said = _FIRST.get(case.status, _NOT_NEEDED.get(move, _NOT_NOW))
    if case.status is S.PAUSED and case.has_own_complaint:
        said = _COMPLAINT_FIRST
    elif case.status is S.OPEN and move is Move.CONTACT:
        said = "{case} has no view yet. Add one first."
    until = f" until {day_ahead(case.paused_until, case.opened_on)}" if case.paused_until else ""
    return said.format(case=case.reference, status=case.status.label, move=move.value, until=until)


_FIRST = {
    S.PAUSED: "{case} is paused{until}. Resume it first.",
    S.CLOSED: "{case} is closed. Reopen it first.",
    S.HANDED_OVER: "{case} was handed over to this school. Acknowledge it first.",
    S.MERGED: "{case} was merged into the student's open case. Use that one.",
}
_COMPLAINT_FIRST = "{case} is paused because of a complaint. Resolve the complaint first."
_NOT_NEEDED = {
    Move.REOPEN: "{case} is open already, so there is nothing to reopen.",
    Move.RESUME: "{case} is not paused or referred, so there is nothing to resume.",
    Move.ACKNOWLEDGE: "{case} is acknowledged already.",
}
_NOT_NOW = "{case} is {status} and cannot {move} now."

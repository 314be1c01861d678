"""The legal moves of a case, as one table. Anything that is not here cannot happen."""

from __future__ import annotations

from enum import StrEnum

from store.rules.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.model import CaseStatus as S


class Move(StrEnum):
    """What happens to a case. The value reads as what the case did."""

    DISCUSS = "be discussed"
    AGREE = "be agreed on"
    DRAFT = "have a mail drafted"
    CONTACT = "have its student contacted"
    BOUNCE = "have its mail come back"
    ANSWER = "receive an answer"
    WORK = "be worked on"
    CLOSE = "be closed"


_UNDER_WAY = (S.OPEN, S.DISCUSSING, S.AGREED, S.IN_CONTACT, S.RESPONDED)
_DISCUSSED = (S.DISCUSSING, S.AGREED, S.IN_CONTACT, S.RESPONDED)

TRANSITIONS: dict[tuple[S, Move], S] = {
    # Work that leaves the case where it is.
    **{(status, Move.WORK): status for status in _UNDER_WAY},
    **{(status, Move.DRAFT): status for status in _UNDER_WAY},
    # A view opens the discussion; once there is contact, it no longer moves the case.
    **{(status, Move.DISCUSS): status for status in _DISCUSSED},
    (S.OPEN, Move.DISCUSS): S.DISCUSSING,
    **{(status, Move.AGREE): status for status in (S.AGREED, S.IN_CONTACT, S.RESPONDED)},
    (S.OPEN, Move.AGREE): S.AGREED,
    (S.DISCUSSING, Move.AGREE): S.AGREED,
    # No contact out of OPEN: discussion comes first (paragraph 13).
    **{(status, Move.CONTACT): S.IN_CONTACT for status in _DISCUSSED},
    # A bounced mail is no contact (paragraph 15), so the case is where it was before.
    **{(status, Move.BOUNCE): status for status in _UNDER_WAY},
    (S.IN_CONTACT, Move.BOUNCE): S.DISCUSSING,
    **{(status, Move.ANSWER): S.RESPONDED for status in _UNDER_WAY},
    **{(status, Move.CLOSE): S.CLOSED for status in _UNDER_WAY},
}


def after(case: Case, move: Move) -> S:
    """The status that the move leads to, or ``NotPossibleNow`` saying what is possible."""
    try:
        return TRANSITIONS[case.status, move]
    except KeyError:
        raise NotPossibleNow(_refusal(case, move)) from None


def _refusal(case: Case, move: Move) -> str:
    if case.is_closed:
        return f"{case.reference} is closed, so it can no longer {move.value}."
    possible = [m.value for status, m in TRANSITIONS if status is case.status]
    return (
        f"{case.reference} is {case.status.label} and cannot {move.value} now. "
        f"It can {', '.join(possible)}."
    )

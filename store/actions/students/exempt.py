"""Exempt a student for a time from flags and emails about engagement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.reasons import reason_on
from store.actions.request import Request, on_case
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import ExemptionKind
from store.tables import adjustments, exemptions


@dataclass(frozen=True, slots=True)
class Exemption:
    """The reason, first and last day, both included. ``last`` None: until a colleague ends it."""

    kind: ExemptionKind
    first: dt.date
    last: dt.date | None
    reason: str


def exempt_student(store: Store, request: Request, case_id: int, wanted: Exemption) -> None:
    """Exempt the student of a case. Approved emails that are not sent yet are cancelled.

    Raises ``InvalidInput`` where the last day is before the first, or the reason is a death.
    """
    with on_case(store, request, Action.EXEMPT, case_id) as asked:
        work, case = asked.work, asked.case
        reason = reason_on(asked, wanted.reason, asks="Say what is known")
        if wanted.last is not None and wanted.last < wanted.first:
            raise InvalidInput("The last day is before the first.", field="last")
        if wanted.kind is ExemptionKind.DECEASED:
            raise InvalidInput(
                "Use Report a death on the card: it stops everything at once, and a second "
                "colleague confirms it.",
                field="kind",
            )
        work.connection.execute(
            sa.insert(exemptions).values(
                student_id=case.student,
                school_id=case.school,
                kind=wanted.kind,
                first=wanted.first,
                last=wanted.last,
                reason=reason,
                by_staff_id=asked.actor.id,
                at=work.now,
            )
        )
        asked.move(Move.WORK)
        holds_now = wanted.first <= institution_day(work.now)
        cancelled = (
            cancel_unsent(work, case_id, why="the student is exempt now", by=asked.actor.id)
            if holds_now
            else []
        )
        asked.record(
            "exempt",
            kind=wanted.kind,
            first=wanted.first.isoformat(),
            last=wanted.last.isoformat() if wanted.last else None,
            mails_cancelled=len(cancelled),
        )


def end_exemption(store: Store, request: Request, case_id: int) -> int:
    """End every exemption and adjustment of the case's student by this school; returns how many.

    Raises ``NotPossibleNow`` where there is none.
    """
    with on_case(store, request, Action.EXEMPT, case_id) as asked:
        work, case = asked.work, asked.case
        ended = work.connection.execute(
            sa.update(exemptions)
            .where(
                exemptions.c.student_id == case.student,
                exemptions.c.school_id == case.school,
                exemptions.c.kind != ExemptionKind.DECEASED,
                exemptions.c.ended_at.is_(None),
            )
            .values(ended_at=work.now)
        ).rowcount
        ended += work.connection.execute(
            sa.update(adjustments)
            .where(
                adjustments.c.student_id == case.student,
                adjustments.c.school_id == case.school,
                adjustments.c.last >= institution_day(work.now),
                adjustments.c.ended_at.is_(None),
            )
            .values(ended_at=work.now)
        ).rowcount
        if not ended:
            raise NotPossibleNow(f"The student of {case.reference} has no exemption to end.")
        asked.move(Move.WORK)
        asked.record("end-exemption", number=ended)
    return ended

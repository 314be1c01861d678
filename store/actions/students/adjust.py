"""Agree that for some days attendance or meetings are not expected of a student.

Everything else counts as ever. The reason is encrypted and shown to no colleague; the student and
those who ask for the copy of everything read it there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.reasons import reason_on
from store.actions.request import Request, on_case
from store.db.student_keys import close_words
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.cases.lifecycle import Move
from store.rules.model import MarkerFamily
from store.rules.students.exemptions import check_adjustment
from store.tables import adjustments


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is not expected, the first and the last day, both included, and why."""

    family: MarkerFamily
    first: dt.date
    last: dt.date | None
    reason: str


def adjust_student(store: Store, request: Request, case_id: int, wanted: Adjustment) -> None:
    """Save an adjustment for the student of a case.

    Raises ``InvalidInput`` where a day does not fit or nothing is said of why.
    """
    with on_case(store, request, Action.EXEMPT, case_id) as asked:
        reason = reason_on(asked, wanted.reason, asks="Say what is known")
        check_adjustment(wanted.first, wanted.last)
        asked.work.connection.execute(
            sa.insert(adjustments).values(
                student_id=asked.case.student,
                school_id=asked.case.school,
                family=wanted.family,
                first=wanted.first,
                last=wanted.last,
                reason=close_words(asked.work.connection, asked.case.student, reason),
                by_staff_id=asked.actor.id,
                at=asked.work.now,
            )
        )
        asked.move(Move.WORK)
        asked.record("adjust", family=wanted.family, first=wanted.first.isoformat())

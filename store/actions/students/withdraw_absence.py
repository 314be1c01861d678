"""A student takes back a request to be absent, until a colleague has decided on it."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import change_case
from store.db import repository
from store.db.unit_of_work import Store
from store.rules.errors import NotPossibleNow
from store.tables import absence_requests, sayings

TOO_LATE = "Your school has decided on this already. Tell your school if you need it changed."


def withdraw_absence(store: Store, student: int, request: int) -> None:
    """Take back a student's own request, and delete its document.

    Raises ``NotPossibleNow`` where it is decided, or is no request of this student.
    """
    with store.unit_of_work() as work:
        is_it = (
            absence_requests.c.saying_id == request,
            absence_requests.c.student_id == student,
            absence_requests.c.agreed.is_(None),
        )
        of_case = (
            sa.select(sayings.c.case_id)
            .join(absence_requests, absence_requests.c.saying_id == sayings.c.id)
            .where(*is_it)
        )
        found = work.connection.execute(of_case).one_or_none()
        if found is None:
            raise NotPossibleNow(TOO_LATE)
        # The case and then the message, as a colleague's decision does: one of the two is first.
        case = found.case_id and repository.case(work.connection, found.case_id, lock=True)
        taken = work.connection.execute(
            sa.update(sayings)
            .where(sayings.c.id == request, sayings.c.answered_at.is_(None))
            .values(answered_at=work.now)
        )
        if not taken.rowcount:
            raise NotPossibleNow(TOO_LATE)
        work.connection.execute(
            sa.update(absence_requests).where(*is_it).values(agreed=False, document=None)
        )
        if case:
            change_case(work, case)
        who = f"student:{student}"
        subject = f"case:{case.id}" if case else who
        work.record(who, "withdraw-absence", subject, saying=request)

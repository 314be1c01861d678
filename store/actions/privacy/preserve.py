"""Place a hold on a student's data: neither age nor a request deletes it."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.privacy.erasure_blockers import is_preserved
from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.errors import NotPossibleNow
from store.rules.text.reasons import check_reason
from store.tables import preservations


def place_legal_hold(store: Store, request: Request, number: str, why: str) -> None:
    """Hold all data of the student from now on, for example while a claim is heard.

    Raises:
        InvalidInput: there is no such student, or no reason.
        NotPossibleNow: there is a hold already.
    """
    with on_student(store, request, Action.PRESERVE, number) as asked:
        reason = check_reason(why, field="why", asks="Say why it is kept")
        think_twice(asked, reason, "why")
        if is_preserved(asked.work.connection, asked.student):
            raise NotPossibleNow("There is a hold on this student's data already.")
        asked.work.connection.execute(
            sa.insert(preservations).values(
                student_id=asked.student, by_staff_id=asked.actor.id, why=reason, at=asked.work.now
            )
        )
        asked.record("preserve")


def lift_legal_hold(store: Store, request: Request, number: str) -> None:
    """End the hold. Raises ``NotPossibleNow`` where there is none."""
    with on_student(store, request, Action.PRESERVE, number) as asked:
        ended = asked.work.connection.execute(
            sa.update(preservations)
            .where(preservations.c.student_id == asked.student, preservations.c.ended_at.is_(None))
            .values(ended_at=asked.work.now)
        ).rowcount
        if not ended:
            raise NotPossibleNow("There is no hold on this student's data.")
        asked.record("end-preservation")

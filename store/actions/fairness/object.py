"""Record a student's objection to the use of their groups (UK GDPR, Article 21), or its end."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.errors import NotPossibleNow
from store.tables.group_tables import group_objections, student_groups

RECORDED = (
    "Recorded. The student's groups are deleted, and no delivery brings them back. Reports that "
    "are made from now on leave them out; published ones do not change."
)
ENDED = "The objection has ended. The next file of groups brings the student's groups back."


def object_to_groups(store: Store, request: Request, number: str) -> None:
    """Delete a student's groups, and leave them out of every later delivery and report.

    Raises ``NotPossibleNow`` where they have objected already.
    """
    with on_student(store, request, Action.OBJECTION, number) as asked:
        connection = asked.work.connection
        mine = group_objections.c.student_id == asked.student
        if connection.execute(
            sa.select(group_objections.c.id).where(mine, group_objections.c.ended_at.is_(None))
        ).first():
            raise NotPossibleNow("This student's objection is recorded already.")
        connection.execute(
            sa.insert(group_objections).values(
                student_id=asked.student, by_staff_id=asked.actor.id, at=asked.work.now
            )
        )
        connection.execute(
            sa.delete(student_groups).where(student_groups.c.student_id == asked.student)
        )
        asked.record("object-to-groups")


def end_objection(store: Store, request: Request, number: str) -> None:
    """End the objection: the next delivery brings the student's groups back.

    Raises ``NotPossibleNow`` where there is none.
    """
    with on_student(store, request, Action.OBJECTION, number) as asked:
        ended = asked.work.connection.execute(
            sa.update(group_objections)
            .where(
                group_objections.c.student_id == asked.student,
                group_objections.c.ended_at.is_(None),
            )
            .values(ended_at=asked.work.now)
        ).rowcount
        if not ended:
            raise NotPossibleNow("This student has not objected to the use of their groups.")
        asked.record("end-objection")

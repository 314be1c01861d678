"""Tell the leads of a sign of a student after Fitness to Study was invoked (§16)."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.db.unit_of_work import UnitOfWork
from store.queries.schools.responsible import responsible
from store.queries.students.ended_cases import newest_closed
from store.rules.model import FitnessDecision, NoticeKind
from store.tables import CASE_IS_OPEN, cases, fitness


def seen_after_fitness(work: UnitOfWork, student: int, key: str, by: int | None = None) -> None:
    """Tell the leads that a student was heard from or seen while Fitness to Study is under way.

    ``key`` names the sign. ``by``, the colleague who recorded it, is not told.
    """
    found = _case_in_process(work.connection, student)
    if found is None:
        return
    case, school = found
    told = Notice(NoticeKind.FITNESS, school, f"{case}:{key}", case, about=case)
    for person in responsible(work.connection, school):
        notify_person(work, person, told, by=by)


def _case_in_process(connection: sa.Connection, student: int) -> tuple[int, int] | None:
    """Return the case in Fitness to Study, and its school; None where none is."""
    invoked = sa.exists().where(
        fitness.c.case_id == cases.c.id, fitness.c.decision == FitnessDecision.INVOKE
    )
    still_open = connection.execute(
        sa.select(cases.c.id, cases.c.school_id).where(
            cases.c.student_id == student, CASE_IS_OPEN, invoked
        )
    ).first()
    if still_open is not None:
        return still_open.id, still_open.school_id
    last = newest_closed(connection, [student]).get(student)
    return (last.id, last.school) if last and last.in_other_process else None

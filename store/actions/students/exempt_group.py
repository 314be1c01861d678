"""Exempt everyone on a programme or a module: a field trip, a flooded building."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.request import Request, in_school
from store.actions.students.exempt import Exemption
from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.students.exemptions import group_members
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import ExemptionKind
from store.rules.students.exemptions import ExemptGroup, check_period
from store.rules.text.reasons import check_reason
from store.tables import CASE_IS_OPEN, cases, exemptions


def exempt_group(
    store: Store, request: Request, school: int, group: ExemptGroup, wanted: Exemption
) -> int:
    """Exempt each of the group's students; returns how many. Their unsent emails are cancelled.

    Raises:
        InvalidInput: the days or the reason cannot be used, or the group has no students here.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        if wanted.kind is ExemptionKind.DECEASED:
            raise InvalidInput(
                "A death is recorded for one student at a time. Use Report a death on the "
                "student's card.",
                field="kind",
            )
        check_period(wanted.kind, wanted.first, wanted.last)
        reason = check_reason(wanted.reason, asks="Say what is known")
        think_twice(asked, reason, "reason")
        who = group_members(asked.work.connection, school, group, institution_day(asked.work.now))
        if not who:
            raise InvalidInput(
                f"No students in your school are on the {group.kind} {group.code}.", field="group"
            )
        row = {
            "school_id": school,
            "kind": wanted.kind,
            "first": wanted.first,
            "last": wanted.last,
            "reason": reason,
            "by_staff_id": asked.actor.id,
            "at": asked.work.now,
            "group_key": group.key,
        }
        rows = [row | {"student_id": student} for student in who]
        asked.work.connection.execute(sa.insert(exemptions), rows)
        if wanted.first <= institution_day(asked.work.now):
            _cancel(asked.work, school, who)
        asked.record("exempt-group", group=group.key, students=len(who), kind=wanted.kind)
    return len(who)


def end_group(store: Store, request: Request, school: int, group: ExemptGroup) -> int:
    """End the group's exemption; returns for how many students.

    Raises ``NotPossibleNow`` where there is none.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        ended = asked.work.connection.execute(
            sa.update(exemptions)
            .where(
                exemptions.c.school_id == school,
                exemptions.c.group_key == group.key,
                exemptions.c.ended_at.is_(None),
            )
            .values(ended_at=asked.work.now)
        ).rowcount
        if not ended:
            raise NotPossibleNow(f"The {group.kind} {group.code} has no exemption to end.")
        asked.record("end-exempt-group", group=group.key, students=ended)
    return ended


def _cancel(work: UnitOfWork, school: int, students: list[int]) -> None:
    for part in chunks(students):
        found = work.connection.execute(
            sa.select(cases.c.id).where(
                cases.c.student_id.in_(part), cases.c.school_id == school, CASE_IS_OPEN
            )
        ).scalars()
        for case in found.all():
            cancel_unsent(work, case, why="the student is exempt now")

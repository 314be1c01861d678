"""Delete data past its retention period (§28), once the officer has approved the periods.

Students and cases are deleted as an erasure deletes them. A complaint or a hold keeps them; each is
checked again in the transaction that deletes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from store.actions.erased_numbers import remember_erased, remember_left
from store.actions.privacy.erase import RETENTION, ErasureRequest, secure, take_away
from store.actions.privacy.erasure_blockers import (
    erasure_blocker,
    lasting_blocker,
    students_with_activity_kept,
)
from store.actions.request import Request, in_school
from store.db.unit_of_work import Store
from store.queries.deaths import death_of
from store.queries.privacy.retention import (
    OldActivity,
    Preview,
    Schedule,
    first_day_of_activity,
    not_due,
    overdue,
)
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import OvertakenError
from store.rules.policies.retention import Retention
from store.rules.text.formatting import counted
from store.tables import cases, retention_approvals, students

DaysDelivered = Callable[[dt.date, dt.date], Mapping[str, Collection[dt.date]]]
"""Maps each source to its days with activity, from the first day to the last."""


def approve_retention(store: Store, request: Request, shown: Preview, seen: str) -> None:
    """Approve a school's retention periods. ``seen`` is the figure that the officer confirms, and
    ``shown`` the preview of this moment.

    Raises:
        NotAllowed: the person is not a data protection officer of the school.
        OvertakenError: the figure has changed since; the officer looks again.
    """
    school, periods = shown.schedule.school, shown.schedule.retention
    with in_school(store, request, Action.RETENTION, school.id) as asked:
        due = overdue(asked.work.connection, school.id, periods, institution_day(asked.work.now))
        now = replace(shown, due=due)
        if seen.strip() != now.figure:
            raise OvertakenError(
                "The figure does not match: this would now delete "
                f"{counted(len(due.students), 'student')}, "
                f"{counted(len(due.cases), 'closed case')} and "
                f"{counted(now.activity.days, 'day')} of activity. Check again, and confirm with "
                f"{now.figure}."
            )
        asked.work.connection.execute(
            sa.insert(retention_approvals).values(
                school_id=school.id,
                by_staff_id=asked.actor.id,
                activity_months=periods.activity_months,
                case_years=periods.case_years,
                student_years=periods.student_years,
                at=asked.work.now,
            )
        )
        asked.record("approve-retention", periods=str(periods))


def preview_retention(
    connection: sa.Connection,
    schedule: Schedule,
    known: Sequence[Schedule],
    delivered: DaysDelivered,
    today: dt.date,
) -> Preview:
    """Return what the next night would delete in a school if its periods were approved, and of
    activity if those of every school in ``known`` were."""
    due = overdue(connection, schedule.school.id, schedule.retention, today)
    students_of_cases = sa.select(cases.c.student_id).where(cases.c.id.in_(due.cases))
    about = [*due.students, *connection.execute(students_of_cases).scalars()]
    kept = sum(lasting_blocker(connection, student) is not None for student in about)
    waiting, unknown = not_due(connection, schedule.school.id, schedule.retention, today)
    activity = OldActivity()
    if before := first_day_of_activity(known, today, once_approved=True):
        days = delivered(dt.date.min, before - dt.timedelta(days=1))
        activity = OldActivity(
            before, sum(map(len, days.values())), len(students_with_activity_kept(connection))
        )
    return Preview(schedule, due, kept, today, waiting, unknown, activity)


def delete_overdue_student(
    store: Store, school: int, student: int, periods: Retention, today: dt.date
) -> bool:
    """Delete everything on a student who is still overdue; returns whether it was deleted."""
    with store.unit_of_work() as work:
        secure(work, students, [student])
        due = student in overdue(work.connection, school, periods, today).students
        if not due or erasure_blocker(work.connection, student):
            return False
        death = death_of(work.connection, student)
        # A roster often lists the dead as enrolled: they may not be taken for one who returned.
        remember = remember_erased if death and death.is_confirmed else remember_left
        remember(store, work, student)
        why = f"{counted(periods.student_years, 'year')} after they left, as the policy says"
        take_away(work, students, [student], ErasureRequest(school, student, None, why))
        return True


def delete_overdue_case(
    store: Store, school: int, case: int, periods: Retention, today: dt.date
) -> bool:
    """Delete a closed case that is still overdue; returns whether it was deleted."""
    with store.unit_of_work() as work:
        secure(work, cases, [case])
        student = work.connection.execute(
            sa.select(cases.c.student_id).where(cases.c.id == case)
        ).scalar_one()
        due = case in overdue(work.connection, school, periods, today).cases
        if not due or erasure_blocker(work.connection, student, cases, [case]):
            return False
        why = f"{counted(periods.case_years, 'year')} after it was closed, as the policy says"
        take_away(work, cases, [case], ErasureRequest(school, student, None, why))
        return True


def record_old_activity(store: Store, days: int, what: str) -> None:
    """Record of how many days activity was deleted today, counted for each source, where any was.

    ``what`` is ``activity``, or ``swipes`` for those of cards, whose period is shorter.
    """
    if days:
        with store.unit_of_work() as work:
            work.record(RETENTION, "retention", what, days=days)


def record_deletion(store: Store, school: int, **counts: int) -> None:
    """Record how much was deleted in a school today, where anything was."""
    if any(counts.values()):
        with store.unit_of_work() as work:
            work.record(RETENTION, "retention", f"school:{school}", **counts)

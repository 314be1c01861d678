"""Find data past a school's retention periods, and whether these are approved (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.staff import School, all_schools
from store.rules.access.death import DeathDecision
from store.rules.calendar import INSTITUTION
from store.rules.errors import InvalidInput
from store.rules.policies.retention import Retention
from store.rules.policies.review_calendar import months_later
from store.tables import (
    CASE_IS_OPEN,
    cases,
    complaints,
    deaths,
    enrolments,
    retention_approvals,
    staff,
    students,
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Internal ids of students who left too long ago, and of other students' closed cases."""

    students: tuple[int, ...]
    cases: tuple[int, ...]

    def __str__(self) -> str:
        """Return both numbers: students/cases."""
        return f"{len(self.students)}/{len(self.cases)}"


@dataclass(frozen=True, slots=True)
class Approved:
    """Who approved the periods in force, and on which day."""

    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """A school's periods; ``approved`` None: nothing is deleted by age."""

    school: School
    retention: Retention
    approved: Approved | None


@dataclass(frozen=True, slots=True)
class OldActivity:
    """Activity past its period: of how many days before ``before``, counted for each source, and
    of how many students it is kept all the same. ``before`` None: no school has a period."""

    before: dt.date | None = None
    days: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a school's periods delete by this day."""

    schedule: Schedule
    due: Overdue
    kept: int
    """How many of these a complaint or a hold keeps for now."""
    today: dt.date
    waiting: int = 0
    """Further students who left too long ago but are kept: see ``overdue``."""
    unknown: int = 0
    """Students without any enrolment: no one knows when they left."""
    activity: OldActivity = OldActivity()
    """Of all schools, since the files hold the rows of all."""

    @property
    def figure(self) -> str:
        """Return the figure that an officer types to confirm: students/cases/days of activity."""
        return f"{self.due}/{self.activity.days}"


def schedules(connection: sa.Connection, day: dt.date) -> list[Schedule]:
    """Return the schedule of each school with a policy in force."""
    found = []
    for school in all_schools(connection):
        if published := policy_in_force(connection, school.id, day):
            periods = published.policy.retention
            found.append(
                Schedule(school, periods, retention_approval(connection, school.id, periods))
            )
    return found


def schedule_of(known: Iterable[Schedule], school: School) -> Schedule:
    """Return the schedule of a school. ``InvalidInput`` where it has no policy in force."""
    for each in known:
        if each.school == school:
            return each
    raise InvalidInput(f"{school.name} has no policy in force, and so no periods to approve.")


def retention_approval(
    connection: sa.Connection, school: int, periods: Retention
) -> Approved | None:
    """Return the approval of exactly these periods; None where the newest approves others."""
    row = connection.execute(
        sa.select(retention_approvals, staff.c.name)
        .join(staff, staff.c.id == retention_approvals.c.by_staff_id)
        .where(retention_approvals.c.school_id == school)
        .order_by(retention_approvals.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    approved = Retention(row.activity_months, row.case_years, row.student_years)
    return Approved(row.name, row.at) if approved == periods else None


def months_of_activity(known: Iterable[Schedule]) -> int | None:
    """Return how many months activity is kept; None where it is not deleted.

    The files hold the rows of all schools: the longest period counts, once all are approved.
    """
    each = list(known)
    if not all(schedule.approved for schedule in each):
        return None
    return max((schedule.retention.activity_months for schedule in each), default=None)


def first_day_of_activity(
    known: Iterable[Schedule], today: dt.date, *, once_approved: bool = False
) -> dt.date | None:
    """Return the first day whose activity is kept; None where all activity is kept.

    ``once_approved``: as if every school's periods were approved.
    """
    if once_approved:
        months = max((each.retention.activity_months for each in known), default=None)
    else:
        months = months_of_activity(known)
    return months_later(today, -months) if months else None


def overdue(connection: sa.Connection, school: int, periods: Retention, today: dt.date) -> Overdue:
    """Return the students and cases past their retention period.

    Cases of overdue students are not listed: they are deleted with the student. A student has left
    when their last enrolment ended, or they died. These are kept:

    - students without any enrolment, since no one knows when they left;
    - students with an open case, until it is closed, unless they died;
    - students with a case of another school, whose own periods apply;
    - students and cases with a complaint that was resolved within the period.
    """
    due = _due(school, periods.first_day_of_students(today))
    first_kept = _begin_of(periods.first_day_of_cases(today))
    closed = (
        sa.select(cases.c.id)
        .where(
            cases.c.school_id == school,
            cases.c.erased_at.is_(None),
            ~CASE_IS_OPEN,
            cases.c.closed_at < first_kept,
            cases.c.id.not_in(_resolved_since(first_kept, complaints.c.case_id)),
            cases.c.student_id.not_in(due),
        )
        .order_by(cases.c.id)
    )
    return Overdue(
        tuple(connection.execute(due.order_by(students.c.id)).scalars()),
        tuple(connection.execute(closed).scalars()),
    )


def not_due(
    connection: sa.Connection, school: int, periods: Retention, today: dt.date
) -> tuple[int, int]:
    """Count students who left too long ago but are kept, and students without any enrolment.

    These are ``Preview.waiting`` and ``Preview.unknown``.
    """
    first_kept = periods.first_day_of_students(today)
    left = _left(school, first_kept)
    waiting = left.where(students.c.id.not_in(_due(school, first_kept)))
    unknown = _here(school).where(~_enrolled().exists(), students.c.id.not_in(left))
    return _count(connection, waiting), _count(connection, unknown)


def _count(connection: sa.Connection, who: sa.Select[int]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(who.subquery())).scalar_one()


def _here(school: int) -> sa.Select[int]:
    return sa.select(students.c.id).where(
        students.c.home_school_id == school, students.c.erased_at.is_(None)
    )


def _enrolled() -> sa.Select[int]:
    return sa.select(enrolments.c.student_id).where(enrolments.c.student_id == students.c.id)


def _left(school: int, first_kept: dt.date) -> sa.Select[int]:
    lasting = _enrolled().where(enrolments.c.ends.is_(None) | (enrolments.c.ends >= first_kept))
    gone = sa.and_(_enrolled().exists(), ~lasting.exists())
    # The death of a student ends no enrolment.
    return _here(school).where(gone | _died(first_kept))


def _died(first_kept: dt.date) -> sa.ColumnElement[bool]:
    confirmed = sa.select(deaths.c.student_id).where(
        deaths.c.decision == DeathDecision.CONFIRMED, deaths.c.decided_at < _begin_of(first_kept)
    )
    return students.c.id.in_(confirmed)


def _due(school: int, first_kept: dt.date) -> sa.Select[int]:
    theirs = sa.select(cases.c.id).where(cases.c.student_id == students.c.id)
    elsewhere = (cases.c.school_id != school) & cases.c.erased_at.is_(None)
    # No one can close the case of a student who has died.
    is_open = CASE_IS_OPEN & ~_died(first_kept)
    return _left(school, first_kept).where(
        ~theirs.where(is_open | elsewhere).exists(),
        students.c.id.not_in(_resolved_since(_begin_of(first_kept), cases.c.student_id)),
    )


def _resolved_since(at: dt.datetime, what: sa.Column[int]) -> sa.Select[int]:
    """Select ``what`` (cases or students) of complaints resolved since then."""
    return (
        sa.select(what)
        .join_from(complaints, cases, cases.c.id == complaints.c.case_id)
        .where(complaints.c.resolved_at >= at)
    )


def _begin_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), INSTITUTION).astimezone(dt.UTC)

"""What is past the periods of retention of a school, and whether they are approved (§28)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.staff import School, all_schools
from store.rules.calendar import INSTITUTION
from store.rules.errors import InvalidInput
from store.rules.policies.retention import Retention
from store.tables import (
    CASE_IS_OPEN,
    cases,
    complaints,
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
        """Give the figure by which an officer confirms that they have seen it."""
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
class Preview:
    """What a school's periods delete by this day; ``kept``: how many a complaint or a hold keeps
    for now."""

    schedule: Schedule
    due: Overdue
    kept: int
    today: dt.date


def schedules(connection: sa.Connection, day: dt.date) -> list[Schedule]:
    """Return the schedule of each school with a policy in force."""
    found = []
    for school in all_schools(connection):
        if published := policy_in_force(connection, school.id, day):
            periods = published.policy.retention
            found.append(Schedule(school, periods, approval_of(connection, school.id, periods)))
    return found


def schedule_of(connection: sa.Connection, school: School, day: dt.date) -> Schedule:
    """Return the schedule of a school. ``InvalidInput`` where it has no policy in force."""
    for each in schedules(connection, day):
        if each.school == school:
            return each
    raise InvalidInput(f"{school.name} has no policy in force, and so no periods to approve.")


def approval_of(connection: sa.Connection, school: int, periods: Retention) -> Approved | None:
    """Return the approval of exactly these periods; None where the newest is of others."""
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


def overdue(connection: sa.Connection, school: int, periods: Retention, today: dt.date) -> Overdue:
    """Return what is past its time. Cases of students who are, too, go with them.

    A student who has no enrolment in the roster is kept, since no one knows when they left; so is
    one with an open case, until it is closed, and what a complaint was about that was resolved
    within the period.
    """
    left = _left(school, periods.first_day_of_students(today))
    first_kept = _begin_of(periods.first_day_of_cases(today))
    closed = (
        sa.select(cases.c.id)
        .where(
            cases.c.school_id == school,
            cases.c.erased_at.is_(None),
            ~CASE_IS_OPEN,
            cases.c.closed_at < first_kept,
            cases.c.id.not_in(_resolved_since(first_kept, complaints.c.case_id)),
            cases.c.student_id.not_in(left),
        )
        .order_by(cases.c.id)
    )
    return Overdue(
        tuple(connection.execute(left.order_by(students.c.id)).scalars()),
        tuple(connection.execute(closed).scalars()),
    )


def _left(school: int, first_kept: dt.date) -> sa.Select[int]:
    theirs = sa.select(enrolments.c.student_id).where(enrolments.c.student_id == students.c.id)
    lasting = theirs.where(enrolments.c.ends.is_(None) | (enrolments.c.ends >= first_kept))
    open_cases = sa.select(cases.c.id).where(cases.c.student_id == students.c.id, CASE_IS_OPEN)
    return sa.select(students.c.id).where(
        students.c.home_school_id == school,
        students.c.erased_at.is_(None),
        theirs.exists(),
        ~lasting.exists(),
        ~open_cases.exists(),
        students.c.id.not_in(_resolved_since(_begin_of(first_kept), cases.c.student_id)),
    )


def _resolved_since(at: dt.datetime, what: sa.Column[int]) -> sa.Select[int]:
    """A complaint that was resolved later than a case was closed is kept as long as the case."""
    return (
        sa.select(what)
        .join_from(complaints, cases, cases.c.id == complaints.c.case_id)
        .where(complaints.c.resolved_at >= at)
    )


def _begin_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), INSTITUTION).astimezone(dt.UTC)

"""Check whether students are still enrolled, and on whose modules."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db import repository
from store.queries.student_facts import student_facts
from store.rules.cases.case import Case
from store.tables import (
    CASE_IS_OPEN,
    cases,
    contributing_schools,
    enrolments,
    modules,
)


def left_on(connection: sa.Connection, student: int, day: dt.date) -> dt.date | None:
    """Return a student's last day where every enrolment is over on ``day``; else None.

    None as well without any enrolment, since the roster then says nothing about them.
    """
    facts = student_facts(connection, student)
    last: dt.date | None = facts.last_end if facts.all_end else None
    return last if last is not None and last < day else None


def students_who_left(connection: sa.Connection, day: dt.date) -> list[tuple[Case, dt.date]]:
    """Return open cases whose student's enrolments are all over, with their last day."""
    over = _last_ends(day).subquery()
    rows = connection.execute(
        sa.select(cases, over.c.last_end)
        .join(over, over.c.student_id == cases.c.student_id)
        .where(CASE_IS_OPEN)
        .order_by(cases.c.id)
    )
    return [(repository.case_from_row(row), row.last_end) for row in rows]


def contributing(connection: sa.Connection, student: int, day: dt.date) -> frozenset[int]:
    """Return the schools beside the home school that teach a student: as named, or by a module."""
    home = student_facts(connection, student).home_school_id
    named = sa.select(contributing_schools.c.school_id).where(
        contributing_schools.c.student_id == student
    )
    teaching = (
        sa.select(modules.c.school_id)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(
            enrolments.c.student_id == student,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
    )
    return frozenset(connection.execute(sa.union(named, teaching)).scalars()) - {home}


_LAST = sa.func.max(enrolments.c.ends).label("last_end")


def _last_ends(day: dt.date) -> sa.Select[int, dt.date]:
    return (
        sa.select(enrolments.c.student_id, _LAST)
        .group_by(enrolments.c.student_id)
        .having(
            sa.func.count() == sa.func.count(enrolments.c.ends),
            sa.func.max(enrolments.c.ends) < day,
        )
    )

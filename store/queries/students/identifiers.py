"""Read students' identifiers in other systems, and which students' numbers are ambiguous."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.rules.schools import IdentifierKind
from store.tables import number_questions, student_identifiers, students

Named = tuple[str, int, dt.date | None, dt.date | None]
"""An identifier, its student's internal number, and its first and last day; None for open."""

_NUMBERS = (IdentifierKind.STUDENT_NUMBER, IdentifierKind.SIS_NUMBER)


def numbers_of(connection: sa.Connection, student: int) -> frozenset[str]:
    """Return the earlier and other numbers of a student."""
    query = sa.select(student_identifiers.c.value).where(
        student_identifiers.c.student_id == student, student_identifiers.c.kind.in_(_NUMBERS)
    )
    return frozenset(connection.execute(query).scalars())


def all_identifiers(connection: sa.Connection) -> list[Named]:
    """Return every identifier not tied to a system, with user names and university addresses."""
    recorded = sa.select(
        student_identifiers.c.value,
        student_identifiers.c.student_id,
        student_identifiers.c.first,
        student_identifiers.c.last,
    ).where(sa.func.lower(student_identifiers.c.system).in_(("", "username")))
    addresses = sa.select(students.c.university_email, students.c.id).where(
        students.c.university_email != "", students.c.erased_at.is_(None)
    )
    found: list[Named] = [tuple(row) for row in connection.execute(recorded)]
    return found + [(address, who, None, None) for address, who in connection.execute(addresses)]


def identifiers_by_system(connection: sa.Connection, day: dt.date) -> list[tuple[str, str, str]]:
    """Return (system or kind, identifier, student number) of those valid on this day."""
    query = (
        sa.select(
            student_identifiers.c.system,
            student_identifiers.c.kind,
            student_identifiers.c.value,
            students.c.number,
        )
        .join(students, students.c.id == student_identifiers.c.student_id)
        .where(
            sa.func.coalesce(student_identifiers.c.first, day) <= day,
            sa.func.coalesce(student_identifiers.c.last, day) >= day,
        )
    )
    return [(row.system or row.kind, row.value, row.number) for row in connection.execute(query)]


def former_numbers(connection: sa.Connection) -> dict[str, str]:
    """Map students' earlier and other numbers to their current number."""
    rows = connection.execute(
        sa.select(student_identifiers.c.value, students.c.number)
        .join(students, students.c.id == student_identifiers.c.student_id)
        .where(student_identifiers.c.kind.in_(_NUMBERS))
    )
    return {value: number for value, number in rows if value != number}


SELECT_UNSETTLED = sa.select(number_questions.c.student_id).where(
    number_questions.c.settled_at.is_(None)
)


def unsettled_students(connection: sa.Connection) -> frozenset[int]:
    """Return students who may also have another number, which no one has settled yet."""
    return frozenset(connection.execute(SELECT_UNSETTLED).scalars())


def unsettled_by_school(connection: sa.Connection) -> dict[int, int]:
    """Count the unsettled students of each home school."""
    rows = connection.execute(
        sa.select(students.c.home_school_id, sa.func.count(sa.distinct(students.c.id)))
        .join(number_questions, number_questions.c.student_id == students.c.id)
        .where(number_questions.c.settled_at.is_(None))
        .group_by(students.c.home_school_id)
    )
    return {school: int(number) for school, number in rows}


def mailboxes(connection: sa.Connection) -> list[tuple[str, str, str, str]]:
    """Return (university address, number, given name, family name) of students with an address."""
    query = sa.select(
        students.c.university_email,
        students.c.number,
        students.c.given_name,
        students.c.family_name,
    ).where(students.c.university_email != "", students.c.erased_at.is_(None))
    return [tuple(row) for row in connection.execute(query)]

"""Refer to students without their names: by their case, or by their number."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.case_rows import case_named
from store.rules.cases.reference import as_reference
from store.tables import cases, students


def references(connection: sa.Connection, who: Sequence[int], school: int) -> dict[int, str]:
    """Map students to the reference of their newest case in this school."""
    found: dict[int, str] = {}
    for part in chunks(who):
        rows = connection.execute(
            sa.select(cases.c.student_id, cases.c.reference)
            .where(cases.c.student_id.in_(part), cases.c.school_id == school)
            .order_by(cases.c.id)
        ).all()
        found |= dict(rows)
    return found


def numbers(connection: sa.Connection, who: Sequence[int]) -> dict[int, str]:
    """Map students to ``student number 1001``: the university's own number.

    The number identifies the student, so the caller must have recorded who sees it.
    """
    found: dict[int, str] = {}
    for part in chunks(who):
        rows = connection.execute(
            sa.select(students.c.id, students.c.number).where(students.c.id.in_(part))
        )
        found |= {row.id: f"student number {row.number}" for row in rows}
    return found


def student_numbered(connection: sa.Connection, number: str) -> int:
    """Return the student with this university number. Raises SQLAlchemy's error for none."""
    query = sa.select(students.c.id).where(students.c.number == number)
    found: int = connection.execute(query).scalar_one()
    return found


def newest_case(connection: sa.Connection, student: int) -> int | None:
    """Return the student's newest case, by id; None where they never had one."""
    newest = sa.select(sa.func.max(cases.c.id)).where(cases.c.student_id == student)
    found: int | None = connection.execute(newest).scalar_one()
    return found


def case_id_of(connection: sa.Connection, reference: str) -> int | None:
    """Return the id behind a case reference, in any typed form, or None."""
    written = as_reference(reference)
    return None if written is None else case_named(connection, written)

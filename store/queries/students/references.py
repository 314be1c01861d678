"""What students are called where their names may not be: on a command line, in a log."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from store.db.batches import chunks
from store.tables import cases


def references(connection: sa.Connection, students: Sequence[int]) -> dict[int, str]:
    """Student → the reference of their newest case; without one, ``student 12``."""
    found = {student: f"student {student}" for student in students}
    for part in chunks(students):
        rows = connection.execute(
            sa.select(cases.c.student_id, cases.c.reference)
            .where(cases.c.student_id.in_(part))
            .order_by(cases.c.id)
        ).all()
        found |= dict(rows)
    return found

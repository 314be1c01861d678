"""Read what the roster and the student themself say of a student, by one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.tables import enrolments, preferences, students

_ends = (
    sa.select(
        enrolments.c.student_id,
        sa.func.max(enrolments.c.ends).label("last_end"),
        (sa.func.count() == sa.func.count(enrolments.c.ends)).label("all_end"),
    )
    .where(enrolments.c.student_id.in_(sa.bindparam("these", expanding=True)))
    .group_by(enrolments.c.student_id)
    .subquery()
)
_FACTS = (
    sa.select(
        students,
        preferences.c.way,
        preferences.c.words.label("sealed_words"),
        preferences.c.said_at,
        preferences.c.opted_out_at,
        _ends.c.last_end,
        _ends.c.all_end,
    )
    .outerjoin(preferences, preferences.c.student_id == students.c.id)
    .outerjoin(_ends, _ends.c.student_id == students.c.id)
    .where(students.c.id.in_(sa.bindparam("these", expanding=True)))
)


@read_each(Of.STUDENT)
def student_facts(connection: sa.Connection, these: Collection[int]) -> Mapping[int, Any]:
    """Return the row of a student with their preference, and the last day of their enrolments,
    which ``all_end`` says whether all have. Raises ``KeyError`` where there is no such student."""
    rows = connection.execute(_FACTS, {"these": list(these)})
    return {row.id: row for row in rows}

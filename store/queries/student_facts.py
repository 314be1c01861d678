"""Read what the roster, the student and colleagues recorded about a student, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.tables import enrolments, exemptions, preferences, students

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
        exemptions.c.school_id.label("exempt_by"),
        exemptions.c.kind.label("exempt_as"),
        exemptions.c.first.label("exempt_first"),
        exemptions.c.last.label("exempt_last"),
        exemptions.c.at.label("exempt_at"),
    )
    .outerjoin(preferences, preferences.c.student_id == students.c.id)
    .outerjoin(_ends, _ends.c.student_id == students.c.id)
    .outerjoin(
        exemptions,
        (exemptions.c.student_id == students.c.id) & exemptions.c.ended_at.is_(None),
    )
    .where(students.c.id.in_(sa.bindparam("these", expanding=True)))
    .order_by(exemptions.c.id)
)


@read_each(Of.STUDENT)
def _rows_of(connection: sa.Connection, these: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return a row of the student for each exemption, and one without any."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_FACTS, {"these": list(these)}):
        found[row.id].append(row)
    return {each: tuple(found[each]) for each in these}


def student_facts(connection: sa.Connection, student: int) -> Any:
    """Return the row of a student, with their preference and the last day of their enrolments.

    ``all_end``: whether every enrolment has a last day. Raises ``LookupError`` where there is no
    such student.
    """
    return _rows_of(connection, student)[0]


def exemptions_held(connection: sa.Connection, student: int) -> tuple[Any, ...]:
    """Return all exemptions of a student that no one has ended, past and future too, oldest first.

    Columns: exempt_by, a school's id; exempt_as, exempt_first, exempt_last, exempt_at. A recorded
    death is one of them.
    """
    rows = _rows_of(connection, student)
    return tuple(row for row in rows if row.exempt_as is not None)

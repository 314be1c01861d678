"""Read the groups of a school's students, without those who objected."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa

from store.encryption import Encryption
from store.queries.deaths import lives
from store.tables import students
from store.tables.group_tables import group_objections, student_groups

Groups = Mapping[str, str]
"""Characteristic → group, as the university names them."""

OBJECTED = sa.select(group_objections.c.student_id).where(group_objections.c.ended_at.is_(None))
"""The students whose objection holds."""


def groups_of_school(connection: sa.Connection, seal: Encryption, school: int) -> dict[int, Groups]:
    """Map the students of a home school, who live and did not object, to their groups."""
    rows = connection.execute(
        sa.select(student_groups.c.student_id, student_groups.c.groups)
        .join(students, students.c.id == student_groups.c.student_id)
        .where(
            students.c.home_school_id == school,
            students.c.erased_at.is_(None),
            lives(students.c.id),
            students.c.id.not_in(OBJECTED),
        )
    )
    return {row.student_id: json.loads(seal.open(row.groups)) for row in rows}

"""Find students recorded as having died, and who reported it."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.read_once import read_once
from store.rules.access.death import SAID_NO_LONGER, Death, DeathDecision
from store.rules.model import ExemptionKind
from store.tables import deaths, exemptions, staff

_THE_DEAD = sa.select(exemptions.c.student_id).where(
    exemptions.c.kind == ExemptionKind.DECEASED, exemptions.c.ended_at.is_(None)
)


def lives(student: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that leaves out students who have died; for lists and counts."""
    return student.not_in(_THE_DEAD)


def has_died(connection: sa.Connection, student: int) -> bool:
    """Return whether the student is recorded as having died, confirmed or not, by any school."""
    query = _THE_DEAD.where(exemptions.c.student_id == student)
    return connection.execute(query.limit(1)).first() is not None


def who_has_died(connection: sa.Connection) -> frozenset[int]:
    """Return every student recorded as having died."""
    return frozenset(connection.execute(_THE_DEAD.distinct()).scalars())


_RECORDED = (
    sa.select(exemptions.c.at)
    .where(
        exemptions.c.student_id == sa.bindparam("student"),
        exemptions.c.kind == ExemptionKind.DECEASED,
        exemptions.c.ended_at.is_(None),
    )
    .order_by(exemptions.c.id)
    .limit(1)
)


@read_once
def death_of(connection: sa.Connection, student: int) -> Death | None:
    """Return what is recorded of a student's death; None for nothing."""
    recorded = connection.execute(_RECORDED, {"student": student}).scalar_one_or_none()
    if recorded is None:
        return None
    report = connection.execute(
        sa.select(deaths, staff.c.name)
        .outerjoin(staff, staff.c.id == deaths.c.reported_by)
        .where(deaths.c.student_id == student)
        .order_by(deaths.c.id.desc())
        .limit(1)
    ).one_or_none()
    if report is None or report.decision not in (None, DeathDecision.CONFIRMED):
        return Death(recorded)
    return Death(
        report.at,
        report.reported_by,
        report.name or "",
        report.decision == DeathDecision.CONFIRMED,
        is_still_said=report.known != SAID_NO_LONGER,
    )

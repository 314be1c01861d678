"""Find students recorded as having died, and who reported it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.queries.student_facts import exemptions_held
from store.rules.access.death import SAID_NO_LONGER, Death, DeathDecision
from store.rules.model import ExemptionKind
from store.tables import deaths, exemptions, staff

_THE_DEAD = sa.select(exemptions.c.student_id).where(
    exemptions.c.kind == ExemptionKind.DECEASED, exemptions.c.ended_at.is_(None)
)


def lives(student: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that leaves out students who have died; for lists and counts."""
    return student.not_in(_THE_DEAD)


def is_dead(student: sa.ColumnElement[int]) -> sa.Exists:
    """Return the SQL condition that this student is recorded as having died."""
    return _THE_DEAD.where(exemptions.c.student_id == student).exists()


def has_died(connection: sa.Connection, student: int) -> bool:
    """Return whether the student is recorded as having died, confirmed or not, by any school."""
    return _recorded_at(connection, student) is not None


def _recorded_at(connection: sa.Connection, student: int) -> dt.datetime | None:
    held = exemptions_held(connection, student)
    return next((each.exempt_at for each in held if each.exempt_as == ExemptionKind.DECEASED), None)


def who_has_died(connection: sa.Connection) -> frozenset[int]:
    """Return every student recorded as having died."""
    return frozenset(connection.execute(_THE_DEAD.distinct()).scalars())


_REPORTS = (
    sa.select(deaths, staff.c.name)
    .outerjoin(staff, staff.c.id == deaths.c.reported_by)
    .where(deaths.c.student_id.in_(sa.bindparam("these", expanding=True)))
    .order_by(deaths.c.id)
)


@read_each(Of.STUDENT)
def _newest_report(connection: sa.Connection, these: Collection[int]) -> Mapping[int, Any]:
    # The newest of each student comes last.
    found = {row.student_id: row for row in connection.execute(_REPORTS, {"these": list(these)})}
    return {each: found.get(each) for each in these}


def death_of(connection: sa.Connection, student: int) -> Death | None:
    """Return what is recorded about a student's death; None where none is recorded."""
    recorded = _recorded_at(connection, student)
    if recorded is None:
        return None
    report = _newest_report(connection, student)
    if report is None or report.decision not in (None, DeathDecision.CONFIRMED):
        return Death(recorded)
    return Death(
        report.at,
        report.reported_by,
        report.name or "",
        report.decision == DeathDecision.CONFIRMED,
        is_still_said=report.known != SAID_NO_LONGER,
    )

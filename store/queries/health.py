"""Facts for an operator: numbers of records, the audit's end, the last backup."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.audit import readable
from store.tables import audit, enrolments, ingests, schools, staff, students

BACKUP, KEY_BACKUP, RESTORE = "make-backup", "make-key-backup", "restore-backup"
"""The audit actions for a backup, for a backup of the keys, and for a restore."""


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """A school, and how many students and active staff it has."""

    code: str
    students: int


@dataclass(frozen=True, slots=True)
class NewestFile:
    """The newest file of a source: when it was loaded, and its rows."""

    source: str
    at: dt.datetime
    accepted: int
    refused: int


def students_by_school(connection: sa.Connection) -> list[SchoolCount]:
    """Return every school with the number of its students, by code."""
    query = (
        sa.select(schools.c.code, sa.func.count(students.c.id))
        .outerjoin(students, students.c.home_school_id == schools.c.id)
        .group_by(schools.c.code)
        .order_by(schools.c.code)
    )
    return [SchoolCount(*row) for row in connection.execute(query)]


def people_counted(connection: sa.Connection) -> tuple[int, int]:
    """Return the number of active staff, and of enrolments."""
    active = sa.select(sa.func.count()).select_from(staff).where(staff.c.active)
    enrolled = sa.select(sa.func.count()).select_from(enrolments)
    return connection.execute(active).scalar_one(), connection.execute(enrolled).scalar_one()


def audit_length(connection: sa.Connection) -> int:
    """Return the number of the audit's rows."""
    return connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()


def last_done(connection: sa.Connection, action: str) -> dt.datetime | None:
    """Return when an action was last recorded in the audit; None for never.

    Raises:
        AuditDamaged: that time cannot be read.
    """
    # From the newest row back, so that only an action that was never done reads all rows.
    return _newest_time(connection, audit.c.action == action)


def last_recorded(connection: sa.Connection) -> dt.datetime | None:
    """Return when the newest row of the audit was written; None where there is none. Raises
    ``AuditDamaged`` where that time cannot be read."""
    return _newest_time(connection)


def _newest_time(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> dt.datetime | None:
    newest = sa.select(audit.c.at).where(*which).order_by(audit.c.seq.desc()).limit(1)
    with readable():
        found: dt.datetime | None = connection.execute(newest).scalar_one_or_none()
    return found


def newest_deliveries(connection: sa.Connection) -> list[NewestFile]:
    """Return the newest file of every source that ever delivered, by source."""
    newest = sa.select(sa.func.max(ingests.c.id)).group_by(ingests.c.source)
    query = (
        sa.select(ingests.c.source, ingests.c.at, ingests.c.accepted, ingests.c.rejected)
        .where(ingests.c.id.in_(newest))
        .order_by(ingests.c.source)
    )
    return [NewestFile(*row) for row in connection.execute(query)]


def server_version(connection: sa.Connection) -> str:
    """Return the database's own name and version."""
    info = connection.dialect.server_version_info or ()
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.dialect.name]
    return f"{name} {'.'.join(map(str, info))}"


def server_time(connection: sa.Connection) -> dt.datetime | None:
    """Return what a database server's clock says; None for an embedded database."""
    if connection.dialect.name == "sqlite":
        return None
    found: dt.datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return found

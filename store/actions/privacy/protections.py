"""Save protections of students that a restore must not undo: erasures, opt-outs, complaints, holds,
objections to the use of groups and the figures on them that were published; and students' keys.

They are written more often than a backup and kept apart from it. After a restore they are applied
again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.actions.privacy.erase import ErasureRequest, secure, take_away
from store.db.table_files import read_rows, renumber, write_tables
from store.db.unit_of_work import UnitOfWork
from store.tables import (
    complaints,
    deaths,
    erased_numbers,
    erasures,
    exemptions,
    preferences,
    preservations,
    stops,
    student_keys,
    students,
)
from store.tables.group_tables import fairness_figures, group_objections, student_groups

KEPT = (
    student_keys,
    erased_numbers,
    preferences,
    preservations,
    complaints,
    deaths,
    exemptions,
    stops,
    group_objections,
    fairness_figures,
)
"""Tables whose rows are applied again as they are."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Counts of students erased again, of rows put back, and of rows newer than the backup."""

    erased: int
    rows: int
    left: int


def write_protections(connection: sa.Connection, folder: Path) -> dict[str, int]:
    """Write the current protections into a folder; returns table → number of rows."""
    return write_tables(connection, folder, (*KEPT, erasures, students))


def apply_protections(work: UnitOfWork, folder: Path, since: dt.datetime) -> Applied:
    """Apply the protections in a folder to a database that was restored as of ``since``."""
    erased = _erase_again(work, folder, since)
    done = [
        _put_back(work, table, row)
        for table in KEPT
        for row in read_rows(work.connection, folder, table)
    ]
    renumber(work.connection)
    _forget_groups(work)
    return Applied(erased, done.count(True), done.count(False))


def _forget_groups(work: UnitOfWork) -> None:
    """Delete the groups of students who have objected since the backup."""
    objected = sa.select(group_objections.c.student_id).where(group_objections.c.ended_at.is_(None))
    work.connection.execute(
        sa.delete(student_groups).where(student_groups.c.student_id.in_(objected))
    )


def _erase_again(work: UnitOfWork, folder: Path, since: dt.datetime) -> int:
    still_there = {
        row["id"] for row in read_rows(work.connection, folder, students) if not row["erased_at"]
    }
    gone = {
        row["student"]: row
        for row in read_rows(work.connection, folder, erasures)
        if row["at"] > since and row["student"] not in still_there
    }
    whole = sa.select(students.c.id).where(students.c.erased_at.is_(None))
    here = set(work.connection.execute(whole).scalars())
    for student in sorted(here & gone.keys()):
        row = gone[student]
        secure(work, students, [student])
        take_away(
            work, students, [student], ErasureRequest(row["school_id"], student, None, row["why"])
        )
    return len(here & gone.keys())


def _put_back(work: UnitOfWork, table: sa.Table, row: dict[str, Any]) -> bool | None:
    """Return whether the row could be put back; None where it is there unchanged."""
    is_row = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
    known = work.connection.execute(sa.select(table).where(is_row)).mappings().one_or_none()
    if known is not None and dict(known) == row:
        return None
    change: Any = sa.insert(table) if known is None else sa.update(table).where(is_row)
    try:
        with work.connection.begin_nested():
            work.connection.execute(change.values(**row))
    except sa.exc.IntegrityError:
        return False
    return True

"""What protects students and may not be lost with a restore: erasures, opt-outs, complaints, holds.

It is written apart from a backup, more often. After a restore it is applied again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.actions.privacy.erase import Asked, secure, take_away
from store.db.table_files import read_rows, write_tables
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
    students,
)

KEPT = (erased_numbers, preferences, preservations, complaints, deaths, exemptions, stops)
"""Tables whose rows are applied again as they are."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many students were erased again, how many rows were put back, and how many could not be
    since what they are about came after the backup."""

    erased: int
    rows: int
    left: int


def write_protections(connection: sa.Connection, folder: Path) -> dict[str, int]:
    """Write the protections of now into a folder; gives table → rows."""
    return write_tables(connection, folder, (*KEPT, erasures, students))


def apply_protections(work: UnitOfWork, folder: Path, since: dt.datetime) -> Applied:
    """Apply what was written into a folder to a database as it was at ``since``."""
    erased = _erase_again(work, folder, since)
    done = [_put_back(work, table, row) for table in KEPT for row in read_rows(folder, table)]
    return Applied(erased, done.count(True), done.count(False))


def _erase_again(work: UnitOfWork, folder: Path, since: dt.datetime) -> int:
    still_there = {row["id"] for row in read_rows(folder, students) if not row["erased_at"]}
    gone = {
        row["student"]: row
        for row in read_rows(folder, erasures)
        if row["at"] > since and row["student"] not in still_there
    }
    whole = sa.select(students.c.id).where(students.c.erased_at.is_(None))
    here = set(work.connection.execute(whole).scalars())
    for student in sorted(here & gone.keys()):
        row = gone[student]
        secure(work, students, [student])
        take_away(work, students, [student], Asked(row["school_id"], student, None, row["why"]))
    return len(here & gone.keys())


def _put_back(work: UnitOfWork, table: sa.Table, row: dict[str, Any]) -> bool | None:
    """Whether the row could be put back; None where it is there as it was."""
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

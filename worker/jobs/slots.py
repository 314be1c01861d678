"""Slots: one job at one scheduled instant, taken by one process.

A slot is the job's name and its instant in UTC, worked out from a school's wall clock. Two clocks
claim the same slot, and one of them gets it; an hour that comes twice in October has one slot,
since the first of its two instants is meant.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import UnitOfWork
from store.tables import slots

SCREENING_AT = dt.time(5, 30)


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first instant at which the wall clock shows this time on this day (UTC)."""
    return dt.datetime.combine(day, at, zone).replace(fold=0).astimezone(dt.UTC)


def claim(work: UnitOfWork, job: str, at: dt.datetime) -> bool:
    """Take a slot; False where another clock, or an earlier look, has it."""
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(slots) if is_sqlite else postgresql.insert(slots)
    row = insert.values(job=job, slot=at, claimed_at=work.now).on_conflict_do_nothing()
    # Asked of the database: an insert's rowcount means nothing on PostgreSQL.
    return work.connection.execute(row.returning(slots.c.job)).first() is not None

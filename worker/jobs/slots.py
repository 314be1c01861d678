"""Slots: one job at one scheduled instant, taken by one process.

A slot is the job's name and its instant in UTC, worked out from a school's wall clock. Two clocks
claim the same slot, and one of them gets it; an hour that comes twice in October has one slot,
since the first of its two instants is meant.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integrations.fault_log import log_failure
from store.db.unit_of_work import Store, UnitOfWork
from store.tables import slots

SCREENING_AT = dt.time(5, 30)
BEAT_EVERY = dt.timedelta(minutes=1)


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first instant at which the wall clock shows this time on this day (UTC)."""
    return dt.datetime.combine(day, at, zone).replace(fold=0).astimezone(dt.UTC)


def beat(store: Store, job: str, at: dt.datetime) -> None:
    """Note that the job of this slot gets on, so that no other worker believes it lost."""
    with store.unit_of_work() as work:
        mine = (slots.c.job == job, slots.c.slot == at)
        work.connection.execute(sa.update(slots).where(*mine).values(alive_at=work.now))


@contextmanager
def alive_while(store: Store, job: str, at: dt.datetime) -> Iterator[None]:
    """Note once a minute that the job of this slot gets on, for as long as this process does it.

    A thread does so, since one step of a job may take long. It ends with the job, or with the
    process; a step that hangs is ended by the job's whole time.
    """
    ended = threading.Event()

    def say_so() -> None:
        while not ended.wait(BEAT_EVERY.total_seconds()):
            try:
                beat(store, job, at)
            except sa.exc.SQLAlchemyError as error:
                # The database is away for a moment; the job itself will notice if it stays so.
                log_failure("heartbeat missed", error, job=job)

    beat(store, job, at)
    heart = threading.Thread(target=say_so, name=f"alive-{job}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()


def claim(work: UnitOfWork, job: str, at: dt.datetime) -> bool:
    """Take a slot; False where another clock, or an earlier look, has it."""
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(slots) if is_sqlite else postgresql.insert(slots)
    row = insert.values(job=job, slot=at, claimed_at=work.now).on_conflict_do_nothing()
    # Asked of the database: an insert's rowcount means nothing on PostgreSQL.
    return work.connection.execute(row.returning(slots.c.job)).first() is not None

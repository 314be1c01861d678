"""Job slots: one job at one scheduled instant, taken by one process."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.tables import slots


def claim_slot(work: UnitOfWork, job: str, at: dt.datetime) -> bool:
    """Claim a slot; False where it has been claimed already."""
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(slots) if is_sqlite else postgresql.insert(slots)
    row = insert.values(job=job, slot=at, claimed_at=work.now).on_conflict_do_nothing()
    # Asked of the database: an insert's rowcount means nothing on PostgreSQL.
    return work.connection.execute(row.returning(slots.c.job)).first() is not None


def beat(store: Store, job: str, at: dt.datetime) -> None:
    """Record a heartbeat of the slot's job, so that no other worker believes it lost."""
    with store.unit_of_work() as work:
        mine = (slots.c.job == job, slots.c.slot == at)
        work.connection.execute(sa.update(slots).where(*mine).values(alive_at=work.now))


def last_heard(connection: sa.Connection, job: str, at: dt.datetime) -> dt.datetime | None:
    """Return the last heartbeat of the slot's job; None where the slot was not claimed."""
    found: dt.datetime | None = connection.execute(
        sa.select(sa.func.coalesce(slots.c.alive_at, slots.c.claimed_at)).where(
            slots.c.job == job, slots.c.slot == at
        )
    ).scalar_one_or_none()
    return found

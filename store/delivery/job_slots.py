"""Job slots: one job at one scheduled instant, taken by one process, and begun again until it ends.

A slot with the prefix ``DONE`` says that the job of the same instant came to its end.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.tables import slots

DONE = "done:"
STOPS_IN = dt.timedelta(minutes=1)
"""In which a process that was asked to stop has ended: systemd, compose and ``lantern up`` kill it
then."""
KEPT = dt.timedelta(days=30)
"""Slots that are older are of no use: a job is begun again on its own day."""


def claim_slot(work: UnitOfWork, job: str, at: dt.datetime) -> bool:
    """Claim a job's slot at its scheduled instant; False where another process has it."""
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


def leave(store: Store, job: str, at: dt.datetime, silence: dt.timedelta) -> None:
    """Record that this process was asked to stop: another may soon begin the slot's job again.

    ``silence`` is how long a job is silent before it counts as lost: all of it but ``STOPS_IN``
    counts as over.
    """
    with store.unit_of_work() as work:
        mine = (slots.c.job == job, slots.c.slot == at)
        heard = work.now - max(silence - STOPS_IN, dt.timedelta(0))
        work.connection.execute(sa.update(slots).where(*mine).values(alive_at=heard))


def last_heard(connection: sa.Connection, job: str, at: dt.datetime) -> dt.datetime | None:
    """Return the last heartbeat of the slot's job; None where the slot was not claimed."""
    found: dt.datetime | None = connection.execute(
        sa.select(sa.func.coalesce(slots.c.alive_at, slots.c.claimed_at)).where(
            slots.c.job == job, slots.c.slot == at
        )
    ).scalar_one_or_none()
    return found


def finish(store: Store, job: str, at: dt.datetime) -> None:
    """Record that the slot's job came to its end, so that no worker begins it again."""
    with store.unit_of_work() as work:
        claim_slot(work, f"done:{job}", at)


def is_finished(connection: sa.Connection, job: str, at: dt.datetime) -> bool:
    """Return whether the slot's job came to its end."""
    mine = (slots.c.job == f"{DONE}{job}", slots.c.slot == at)
    return connection.execute(sa.select(slots.c.job).where(*mine)).first() is not None


def forget_old_slots(store: Store) -> None:
    """Delete slots that no process asks for any more; a job's newest one stays."""
    newest = slots.alias()
    is_newest = sa.select(sa.func.max(newest.c.slot)).where(newest.c.job == slots.c.job)
    with store.unit_of_work() as work:
        old = (slots.c.slot < work.now - KEPT, slots.c.slot < is_newest.scalar_subquery())
        work.connection.execute(sa.delete(slots).where(*old))


def newest_slot(connection: sa.Connection, job: str) -> dt.datetime | None:
    """Return the instant for which a job was claimed last; None where it never was."""
    newest = sa.select(sa.func.max(slots.c.slot)).where(slots.c.job == job)
    found: dt.datetime | None = connection.execute(newest).scalar_one()
    return found


def unfinished(
    connection: sa.Connection, prefix: str, since: dt.datetime
) -> list[tuple[str, dt.datetime]]:
    """Return the slots since then, of jobs whose name begins so, whose job did not end."""
    done = slots.alias()
    ended = sa.exists().where(done.c.job == DONE + slots.c.job, done.c.slot == slots.c.slot)
    mine = (slots.c.job.startswith(prefix, autoescape=True), slots.c.slot >= since)
    rows = connection.execute(sa.select(slots.c.job, slots.c.slot).where(*mine, ~ended))
    return [(row.job, row.slot) for row in rows]


def take_over(work: UnitOfWork, job: str, at: dt.datetime, silence: dt.timedelta) -> bool:
    """Claim again a slot without a heartbeat for ``silence``; return whether this process got it.

    The claim counts as a heartbeat, so that only one process restarts the job in that time.
    """
    mine = (slots.c.job == job, slots.c.slot == at)
    heard = sa.func.coalesce(slots.c.alive_at, slots.c.claimed_at)
    changed = sa.update(slots).where(*mine, heard <= work.now - silence)
    row = changed.values(alive_at=work.now).returning(slots.c.job)
    return work.connection.execute(row).first() is not None

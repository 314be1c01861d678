"""When a conversation's next message may leave, for all workers together."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import LONGEST_PAUSE, believed
from store.tables import turns


def reserve_slot(
    store: Store, name: str, every: dt.timedelta, longest: dt.timedelta
) -> tuple[dt.timedelta, bool]:
    """How long the next message of ``name`` has to wait, and whether that turn is now taken.

    Turns are ``every`` apart, for all workers together. One that is more than ``longest`` ahead is
    not taken: its message had better go back to the outbox until then.
    """
    with store.unit_of_work() as work:
        turn = believed(_free_at(work, name), work.now)
        wait = turn - work.now
        if wait > longest:
            return wait, False
        _set(work, name, turn + every)
    return wait, True


def put_off(store: Store, name: str, wait: dt.timedelta) -> None:
    """Leave this conversation alone for so long, as its platform asks."""
    with store.unit_of_work() as work:
        free_at = believed(_free_at(work, name), work.now)
        _set(work, name, max(free_at, work.now + min(wait, LONGEST_PAUSE)))


def _free_at(work: UnitOfWork, name: str) -> dt.datetime:
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(turns) if is_sqlite else postgresql.insert(turns)
    first = insert.values(name=name, free_at=work.now)
    work.connection.execute(first.on_conflict_do_nothing())
    mine = sa.select(turns.c.free_at).where(turns.c.name == name)
    found: dt.datetime = work.connection.execute(mine.with_for_update()).scalar_one()
    return found


def _set(work: UnitOfWork, name: str, free_at: dt.datetime) -> None:
    work.connection.execute(sa.update(turns).where(turns.c.name == name).values(free_at=free_at))

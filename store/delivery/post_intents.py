"""Messages that are about to be posted: what a worker that died may have posted all the same.

A platform that knows no idempotency key has to be asked what stands in a channel, and lets no one
ask that often. A worker that notes first what it is about to post asks only where one noted it
before.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store
from store.tables import begun


def intent_since(store: Store, name: str) -> dt.datetime | None:
    """Say since when a message of this name may stand there; None where it cannot."""
    with store.database.read() as connection:
        found: dt.datetime | None = connection.execute(
            sa.select(begun.c.at).where(begun.c.name == name)
        ).scalar_one_or_none()
    return found


def record_intent(store: Store, name: str, kept: dt.timedelta) -> None:
    """Note it. What is older than ``kept`` is forgotten: nothing is tried for longer."""
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert = sqlite.insert(begun) if is_sqlite else postgresql.insert(begun)
        work.connection.execute(sa.delete(begun).where(begun.c.at < work.now - kept))
        work.connection.execute(insert.values(name=name, at=work.now).on_conflict_do_nothing())


def take_back(store: Store, name: str) -> None:
    """Forget an intent that was refused for certain, so that nothing stands there."""
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(begun).where(begun.c.name == name))

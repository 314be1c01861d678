"""Record intents to post, so that a worker knows what a crashed one may have posted.

A platform without idempotency keys has to be asked which messages a channel has, and limits such
requests. Because each worker records its intent first, only a message with an earlier intent needs
the request.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store
from store.tables import begun


def intent_since(store: Store, name: str) -> dt.datetime | None:
    """Return since when a message of this name may have been posted; None: it was not."""
    with store.database.read() as connection:
        found: dt.datetime | None = connection.execute(
            sa.select(begun.c.at).where(begun.c.name == name)
        ).scalar_one_or_none()
    return found


def record_intent(store: Store, name: str, kept: dt.timedelta) -> None:
    """Record an intent. Those older than ``kept`` are deleted: no post is tried for longer."""
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert = sqlite.insert(begun) if is_sqlite else postgresql.insert(begun)
        work.connection.execute(sa.delete(begun).where(begun.c.at < work.now - kept))
        work.connection.execute(insert.values(name=name, at=work.now).on_conflict_do_nothing())


def take_back(store: Store, name: str) -> None:
    """Delete an intent whose post was certainly refused."""
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(begun).where(begun.c.name == name))

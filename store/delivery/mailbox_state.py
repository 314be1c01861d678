"""How far a school's mailbox is read, for all workers together."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store
from store.delivery.rate_limit import reserve_mailbox_slot
from store.tables import mailboxes

__all__ = ["read_up_to", "remember_read", "reserve_mailbox_slot"]


def read_up_to(store: Store, address: str) -> str | None:
    """Return the mail server's mark of what has been recorded; None before the first time."""
    with store.database.read() as connection:
        found: str | None = connection.execute(
            sa.select(mailboxes.c.read_up_to).where(mailboxes.c.address == address)
        ).scalar_one_or_none()
    return found


def remember_read(store: Store, address: str, mark: str | None) -> None:
    """Keep the mark, now that everything before it is recorded; None begins anew."""
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert = sqlite.insert(mailboxes) if is_sqlite else postgresql.insert(mailboxes)
        work.connection.execute(insert.values(address=address).on_conflict_do_nothing())
        mine = sa.update(mailboxes).where(mailboxes.c.address == address)
        work.connection.execute(mine.values(read_up_to=mark))

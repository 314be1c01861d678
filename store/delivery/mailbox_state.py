"""The position up to which a school's mailbox is read, shared by all workers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store
from store.tables import mailboxes


def read_up_to(store: Store, address: str) -> str | None:
    """Return the mail server's marker of the last recorded position; None before the first."""
    with store.database.read() as connection:
        found: str | None = connection.execute(
            sa.select(mailboxes.c.read_up_to).where(mailboxes.c.address == address)
        ).scalar_one_or_none()
    return found


def remember_read(store: Store, address: str, mark: str | None) -> None:
    """Save the marker, once everything before it is recorded; None starts again."""
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert = sqlite.insert(mailboxes) if is_sqlite else postgresql.insert(mailboxes)
        work.connection.execute(insert.values(address=address).on_conflict_do_nothing())
        mine = sa.update(mailboxes).where(mailboxes.c.address == address)
        work.connection.execute(mine.values(read_up_to=mark))

"""What all workers share of a school's mailbox: when it may send next, how far it is read."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import LONGEST_PAUSE
from store.rules.outreach.sending_pace import SendingRate
from store.tables import mailboxes


def reserve_mailbox_slot(
    store: Store, address: str, pace: SendingRate
) -> tuple[dt.timedelta, bool]:
    """How long this mailbox's next email has to wait, and whether that turn is now taken.

    An email whose turn is not taken had better go back to the outbox until then.
    """
    with store.unit_of_work() as work:
        _ensure(work, address)
        free_at = work.connection.execute(
            sa.select(mailboxes.c.free_at).where(mailboxes.c.address == address).with_for_update()
        ).scalar_one()
        # One far ahead was taken by a clock that was wrong.
        is_far = free_at is not None and free_at > work.now + LONGEST_PAUSE
        turn = max(work.now if free_at is None or is_far else free_at, work.now - pace.catch_up)
        wait = max(turn - work.now, dt.timedelta())
        if wait > pace.longest:
            return wait, False
        _change(work, address, free_at=turn + pace.every)
    return wait, True


def read_up_to(store: Store, address: str) -> str | None:
    """The mail server's mark of what has been read and recorded; None before the first time."""
    with store.database.read() as connection:
        found: str | None = connection.execute(
            sa.select(mailboxes.c.read_up_to).where(mailboxes.c.address == address)
        ).scalar_one_or_none()
    return found


def remember_read(store: Store, address: str, mark: str | None) -> None:
    """Keep the mark, now that everything before it is recorded; None begins anew."""
    with store.unit_of_work() as work:
        _ensure(work, address)
        _change(work, address, read_up_to=mark)


def _ensure(work: UnitOfWork, address: str) -> None:
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(mailboxes) if is_sqlite else postgresql.insert(mailboxes)
    work.connection.execute(insert.values(address=address).on_conflict_do_nothing())


def _change(work: UnitOfWork, address: str, **values: dt.datetime | str | None) -> None:
    work.connection.execute(
        sa.update(mailboxes).where(mailboxes.c.address == address).values(**values)
    )

"""The stored rate limit of a conversation or mailbox, shared by all workers.

Limits within one process are in ``integrations.rate_limit``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import LONGEST_PAUSE
from store.rules.outreach.sending_pace import SendingRate
from store.tables import mailboxes, turns


def reserve_slot(
    store: Store, name: str, every: dt.timedelta, longest: dt.timedelta
) -> tuple[dt.timedelta, bool]:
    """Return how long the next message of ``name`` has to wait, and whether a slot was reserved.

    Slots are ``every`` apart, for all workers together. A slot more than ``longest`` ahead is not
    reserved: the caller returns the message to the outbox until then.
    """
    with store.unit_of_work() as work:
        return _conversation(work, name).reserve(SendingRate(every, dt.timedelta(), longest))


def reserve_mailbox_slot(
    store: Store, address: str, pace: SendingRate
) -> tuple[dt.timedelta, bool]:
    """Return how long this mailbox's next email has to wait, and whether a slot was reserved.

    Without a slot, the caller returns the email to the outbox until then.
    """
    with store.unit_of_work() as work:
        return _Turn(work, mailboxes, mailboxes.c.address, address).reserve(pace)


def put_off(store: Store, name: str, wait: dt.timedelta) -> None:
    """Send nothing to this conversation for ``wait``, as its platform asked."""
    with store.unit_of_work() as work:
        turn = _conversation(work, name)
        turn.set(max(turn.free_at(), work.now + min(wait, LONGEST_PAUSE)))


@dataclass(frozen=True, slots=True)
class _Turn:
    """The row with the next free instant of one conversation or mailbox."""

    work: UnitOfWork
    table: sa.Table
    key: sa.Column[str]
    name: str

    def reserve(self, rate: SendingRate) -> tuple[dt.timedelta, bool]:
        """Reserve the next slot, unless it is too far ahead."""
        now = self.work.now
        turn = max(self.free_at(), now - rate.catch_up)
        wait = max(turn - now, dt.timedelta())
        if wait > rate.longest:
            return wait, False
        self.set(turn + rate.every)
        return wait, True

    def free_at(self) -> dt.datetime:
        """Lock the row and return its next free instant; now if a wrong clock set it far ahead."""
        connection, now = self.work.connection, self.work.now
        insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(self.table)
        first = insert.values({self.key.name: self.name, "free_at": now})
        connection.execute(first.on_conflict_do_nothing())
        mine = sa.select(self.table.c.free_at).where(self.key == self.name)
        found: dt.datetime | None = connection.execute(mine.with_for_update()).scalar_one()
        return now if found is None or found > now + LONGEST_PAUSE else found

    def set(self, free_at: dt.datetime) -> None:
        """Set the next free instant."""
        change = sa.update(self.table).where(self.key == self.name).values(free_at=free_at)
        self.work.connection.execute(change)


def _conversation(work: UnitOfWork, name: str) -> _Turn:
    return _Turn(work, turns, turns.c.name, name)

"""Outbox rows whose destination accepts nothing for now."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.rules.model import OutboxKind, OutboxState
from store.tables import outbox


def wake_waiting(work: UnitOfWork, kind: OutboxKind, school: int) -> None:
    """Make waiting rows due, oldest first, because their destination works again."""
    this = sa.update(outbox).where(
        *_waiting(school, kind),
        # A row that may have been sent is checked only once the service shows it everywhere:
        # sooner, it would be taken for lost and sent twice.
        outbox.c.unresolved_since.is_(None),
        outbox.c.not_before > work.now,
    )
    if work.connection.execute(this.values(not_before=work.now)).rowcount:
        work.wake(kind)


def is_waiting(connection: sa.Connection, school: int, *kinds: OutboxKind) -> bool:
    """Return whether rows of these kinds wait for their destination in a school."""
    query = sa.select(outbox.c.id).where(*_waiting(school, *kinds)).limit(1)
    return connection.execute(query).first() is not None


def _waiting(school: int, *kinds: OutboxKind) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        outbox.c.state == OutboxState.DUE,
        outbox.c.kind.in_(kinds),
        outbox.c.school_id == school,
        outbox.c.waiting_since.is_not(None),
    )

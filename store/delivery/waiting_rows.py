"""Outbox rows whose destination accepts nothing for now."""

from __future__ import annotations

import datetime as dt

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


def try_together_at(
    work: UnitOfWork, kind: OutboxKind, school: int, until: dt.datetime, *, all_due: bool
) -> None:
    """Postpone the rows whose destination takes nothing: all are tried at ``until``, oldest first.

    ``all_due``: those that were not tried yet as well, since they would only be refused, too.
    """
    these = _due(school, kind) if all_due else _waiting(school, kind)
    held = sa.update(outbox).where(
        *these, outbox.c.unresolved_since.is_(None), outbox.c.not_before < until
    )
    work.connection.execute(held.values(not_before=until))


def is_waiting(connection: sa.Connection, school: int, *kinds: OutboxKind) -> bool:
    """Return whether rows of these kinds wait for their destination in a school."""
    query = sa.select(outbox.c.id).where(*_waiting(school, *kinds)).limit(1)
    return connection.execute(query).first() is not None


def _waiting(school: int, *kinds: OutboxKind) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_due(school, *kinds), outbox.c.waiting_since.is_not(None))


def _due(school: int, *kinds: OutboxKind) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        outbox.c.state == OutboxState.DUE,
        outbox.c.kind.in_(kinds),
        outbox.c.school_id == school,
    )

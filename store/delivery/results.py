"""Results of a claimed row of the outbox: an attempt begun, its result, or another try later.

Each change is made while this worker still has the row, and returns False where it was lost.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from store.db.unit_of_work import Store, UnitOfWork
from store.delivery.claims import LEASE, OutboxRow, still_claimed
from store.rules.model import OutboxState
from store.tables import Instant, outbox, outreach

LOOKED_FOR_EVERY = dt.timedelta(minutes=15)


def settle(
    work: UnitOfWork, row: OutboxRow, state: OutboxState, trouble: str | None = None
) -> bool:
    """Set a row's final state; False where the lease was lost to another worker meanwhile."""
    return _change(work, row, state=state, trouble=trouble, settled_at=work.now)


def hand_over(work: UnitOfWork, row: OutboxRow, trouble: str) -> bool:
    """Leave a row to a person, since its result could not be determined; Lantern keeps checking.

    False where the lease was lost to another worker.
    """
    return _change(
        work,
        row,
        state=OutboxState.UNKNOWN,
        trouble=trouble,
        settled_at=work.now,
        not_before=work.now + LOOKED_FOR_EVERY,
    )


def retry(
    work: UnitOfWork,
    row: OutboxRow,
    wait: dt.timedelta,
    trouble: str | None,
    *,
    unresolved: bool = False,
    tried: bool = True,
    waiting: bool = False,
    patience: dt.timedelta | None = None,
) -> bool:
    """Release a row, to be claimed again after ``wait``.

    ``unresolved``: the result of the last request is unknown. ``tried``: False where there was no
    request, so that a long wait uses up no attempts. ``waiting``: its destination accepts nothing
    at present. ``patience``: after how long without success a person is asked; None: never. Only
    the pauses between tries count, so that time without tries uses up none of it.
    """
    since = row.unresolved_since or (work.now if unresolved else None)
    return _change(
        work,
        row,
        state=_waiting(row),
        trouble=trouble,
        not_before=work.now + wait,
        unresolved_since=since,
        patience_used=row.patience_used + (wait / patience if patience else 0),
        waiting_since=row.waiting_since or (work.now if waiting else None),
        # A worker that lost this lease has a lower number, so no two claims get the same one.
        attempts=row.attempts if tried else row.attempts - 1,
    )


def put_aside(work: UnitOfWork, row: OutboxRow, wait: dt.timedelta, trouble: str) -> bool:
    """Release a row whose handling failed unexpectedly, to be claimed again after ``wait``.

    False where this worker no longer holds it: the lease was lost, or the row had its final state
    already and only the confirmation was lost.
    """
    return _change(work, row, state=_waiting(row), trouble=trouble, not_before=work.now + wait)


def record_attempt(store: Store, row: OutboxRow) -> bool:
    """Record that a request is about to be made, whose effect may be unknown without a reply.

    The lease starts again, so that after a crash no worker looks before the effect is visible.
    False where the lease was lost to another worker: then the request must not be made.
    """
    with store.unit_of_work() as work:
        done = work.connection.execute(
            sa.update(outbox)
            .where(*still_claimed(row))
            .values(
                unresolved_since=sa.func.coalesce(
                    outbox.c.unresolved_since, sa.literal(work.now, Instant)
                ),
                lease_until=work.now + LEASE,
            )
        )
    return done.rowcount == 1


def found_out(store: Store, row: OutboxRow) -> bool:
    """Record that the result of the last request is known; False where the lease was lost.

    The time limit for unknown results starts again with the next request.
    """
    with store.unit_of_work() as work:
        known = (
            sa.update(outbox)
            .where(*still_claimed(row))
            .values(unresolved_since=None, patience_used=0)
        )
        return work.connection.execute(known).rowcount == 1


def remember_draft(
    store: Store,
    row: OutboxRow,
    provider_ref: str,
    conversation: str | None = None,
    message_id: str = "",
) -> str:
    """Record the row's draft at the mail service. The first writer wins; returns that draft.

    The conversation and the email's own id are saved with it, so that an answer is recognised even
    if the worker died before recording that the email was sent.
    """
    with store.unit_of_work() as work:
        won = work.connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == row.id, outbox.c.provider_ref.is_(None))
            .values(provider_ref=provider_ref, unresolved_since=None, patience_used=0)
        )
        if won.rowcount and conversation:
            work.connection.execute(
                sa.update(outreach)
                .where(outreach.c.id == row.outreach_id)
                .values(conversation=conversation, message_id=message_id or None)
            )
        winner: str = work.connection.execute(
            sa.select(outbox.c.provider_ref).where(outbox.c.id == row.id)
        ).scalar_one()
    return winner


def _waiting(row: OutboxRow) -> OutboxState:
    """Return the state of a row that is released: due, or unknown where a person was asked."""
    return OutboxState.UNKNOWN if row.is_for_a_human else OutboxState.DUE


def _change(work: UnitOfWork, row: OutboxRow, **values: Any) -> bool:
    done = work.connection.execute(
        sa.update(outbox)
        .where(*still_claimed(row))
        .values(lease_by=None, lease_until=None, **values)
    )
    return done.rowcount == 1

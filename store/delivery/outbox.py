"""What is to leave the house. The rows are the truth; a job queue only says "look now".

A row is written in the transaction of the decision that causes it, and is worked off by the worker
that claims it. A claim is a lease: a worker that dies loses it, and the next one takes over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import LONGEST_PAUSE
from store.rules.model import OutboxKind, OutboxState
from store.tables import Instant, outbox, outreach

LEASE = dt.timedelta(minutes=2)
"""Longer than any one call to a platform may take, retries included; and long enough for a mail
service to show everywhere what it did for a worker that died right after asking. Work that may
take longer renews it meanwhile."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to do, claimed by this worker."""

    id: int
    kind: OutboxKind
    key: str
    school: int
    case_id: int
    """Of a card or an email; 0 for a digest."""
    outreach_id: int
    """Of an email; else 0."""
    day: dt.date
    """Of a digest; for others the day from which it was due."""
    notice_id: int
    """Of a notice; else 0."""
    attempts: int
    provider_ref: str | None
    lease_by: str
    unresolved_since: dt.datetime | None = None
    """Since when it is unknown what became of a request; None where everything is known."""
    waiting_since: dt.datetime | None = None
    """Since when the place that it goes to takes nothing; None: it does, as far as is known."""


def put(
    work: UnitOfWork,
    kind: OutboxKind,
    key: str,
    *,
    school: int,
    case: int | None = None,
    outreach: int | None = None,
    day: dt.date | None = None,
    not_before: dt.datetime | None = None,
) -> None:
    """Ask for something once. The same ``key`` again asks for nothing new."""
    row = {
        "idem_key": key,
        "kind": kind,
        "school_id": school,
        "case_id": case,
        "outreach_id": outreach,
        "day": day,
        "not_before": not_before or work.now,
    }
    put_many(work, [row])


def is_known(work: UnitOfWork, key: str) -> bool:
    """Say whether the outbox holds a row with this key already."""
    query = sa.select(outbox.c.id).where(outbox.c.idem_key == key)
    return work.connection.execute(query).first() is not None


def put_many(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Ask for many things at once; each row is as ``put`` makes it."""
    if not rows:
        return
    complete = [
        {
            "state": OutboxState.DUE,
            "attempts": 0,
            "not_before": work.now,
            "outreach_id": None,
            "notice_id": None,
        }
        | row
        for row in rows
    ]
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(outbox) if is_sqlite else postgresql.insert(outbox)
    work.connection.execute(insert.on_conflict_do_nothing(index_elements=["idem_key"]), complete)
    for kind in {row["kind"] for row in rows}:
        work.wake(kind)


def claim(
    store: Store, kind: OutboxKind, worker: str, school: int | None = None
) -> OutboxRow | None:
    """Return the oldest row of this kind that may be done now, leased to ``worker``; None if
    none is.

    With ``school`` only one of that school.

    One statement, so that two workers never get the same row. A lease that ran out is claimed
    again: its worker died, and everything a row asks for is safe to begin again.
    """
    with store.unit_of_work() as work:
        wanted = [outbox.c.kind == kind, _is_free(work.now)]
        if school is not None:
            wanted.append(outbox.c.school_id == school)
        candidate = (
            sa.select(outbox.c.id)
            .where(*wanted)
            # What may have left already is looked after before anything new is begun.
            .order_by(outbox.c.unresolved_since.is_(None), outbox.c.not_before, outbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        row = work.connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == candidate)
            .values(
                state=OutboxState.SENDING,
                lease_by=worker,
                lease_until=work.now + LEASE,
                attempts=outbox.c.attempts + 1,
            )
            .returning(outbox)
        ).one_or_none()
    return _row(row) if row else None


def settle(
    work: UnitOfWork, row: OutboxRow, state: OutboxState, trouble: str | None = None
) -> bool:
    """End a row's story; False where the lease was lost to another worker meanwhile."""
    return _change(work, row, state=state, trouble=trouble, settled_at=work.now)


def retry(
    work: UnitOfWork,
    row: OutboxRow,
    wait: dt.timedelta,
    trouble: str | None,
    *,
    unresolved: bool = False,
    tried: bool = True,
    waiting: bool = False,
) -> bool:
    """Give a row back, to be claimed again after ``wait``.

    ``unresolved``: it is unknown what became of the last request. ``tried``: False where there
    was none, so that waiting for long uses up no attempts. ``waiting``: the place that it goes to
    takes nothing now.
    """
    since = row.unresolved_since or (work.now if unresolved else None)
    return _change(
        work,
        row,
        state=OutboxState.DUE,
        trouble=trouble,
        not_before=work.now + wait,
        unresolved_since=since,
        waiting_since=row.waiting_since or (work.now if waiting else None),
        # A worker that lost this lease has a lower number, so no two claims get the same one.
        attempts=row.attempts if tried else row.attempts - 1,
    )


def put_aside(work: UnitOfWork, row: OutboxRow, wait: dt.timedelta, trouble: str) -> bool:
    """Give a row back whose handling failed in an unforeseen way, as it was noted at last."""
    return _change(work, row, state=OutboxState.DUE, trouble=trouble, not_before=work.now + wait)


def record_attempt(store: Store, row: OutboxRow) -> bool:
    """Note that a request is about to go out that may have its effect though no reply comes.

    The lease begins again, so that after a crash no worker looks before the effect can be seen.
    False where the lease was lost to another worker: then nothing may be asked.
    """
    with store.unit_of_work() as work:
        done = work.connection.execute(
            sa.update(outbox)
            .where(*_mine(row))
            .values(
                unresolved_since=sa.func.coalesce(
                    outbox.c.unresolved_since, sa.literal(work.now, Instant)
                ),
                lease_until=work.now + LEASE,
            )
        )
    return done.rowcount == 1


def renew_lease(store: Store, row: OutboxRow) -> bool:
    """Begin the lease anew, for work that takes longer; False where another worker has it."""
    with store.unit_of_work() as work:
        kept = sa.update(outbox).where(*_mine(row)).values(lease_until=work.now + LEASE)
        return work.connection.execute(kept).rowcount == 1


def found_out(store: Store, row: OutboxRow) -> bool:
    """Note that it is known what became of the last request; False where the lease was lost.

    A quarter of an hour in which it is unknown begins anew with the next request.
    """
    with store.unit_of_work() as work:
        known = sa.update(outbox).where(*_mine(row)).values(unresolved_since=None)
        return work.connection.execute(known).rowcount == 1


def remember_draft(
    store: Store,
    row: OutboxRow,
    provider_ref: str,
    conversation: str | None = None,
    message_id: str = "",
) -> str:
    """Record which draft is this row's. The first writer wins; returns the winner's draft.

    The conversation and the email's own id are kept with it, so that an answer is recognised even
    where no worker lived to record that the email left.
    """
    with store.unit_of_work() as work:
        won = work.connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == row.id, outbox.c.provider_ref.is_(None))
            .values(provider_ref=provider_ref, unresolved_since=None)
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


def is_cancelled(store: Store, row: OutboxRow) -> bool:
    """Say whether a row's story ended without anything leaving."""
    query = sa.select(outbox.c.state).where(outbox.c.id == row.id)
    with store.database.read() as connection:
        return bool(connection.execute(query).scalar_one() == OutboxState.CANCELLED)


def due_kinds(store: Store) -> list[OutboxKind]:
    """Return the kinds of which something may be done now, for the sweeper."""
    query = sa.select(outbox.c.kind).where(_is_free(store.now())).distinct()
    with store.database.read() as connection:
        return sorted(OutboxKind(kind) for kind in connection.execute(query).scalars())


def due_schools(store: Store, kind: OutboxKind) -> list[int]:
    """Return the schools for which something of this kind may be done now."""
    query = sa.select(outbox.c.school_id).where(outbox.c.kind == kind, _is_free(store.now()))
    with store.database.read() as connection:
        return sorted(connection.execute(query.distinct()).scalars())


def _is_free(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Due, or claimed by a worker that died; also by one whose clock was far ahead."""
    is_lost = sa.or_(outbox.c.lease_until < now, outbox.c.lease_until > now + LEASE + LONGEST_PAUSE)
    return sa.or_(
        sa.and_(outbox.c.state == OutboxState.DUE, outbox.c.not_before <= now),
        sa.and_(outbox.c.state == OutboxState.SENDING, is_lost),
    )


def _change(work: UnitOfWork, row: OutboxRow, **values: Any) -> bool:
    done = work.connection.execute(
        sa.update(outbox).where(*_mine(row)).values(lease_by=None, lease_until=None, **values)
    )
    return done.rowcount == 1


def _mine(row: OutboxRow) -> tuple[sa.ColumnElement[bool], ...]:
    """What holds while this claim is still the row's."""
    return (
        outbox.c.id == row.id,
        outbox.c.state == OutboxState.SENDING,
        outbox.c.lease_by == row.lease_by,
        # Two threads of one process have the same name: each claim counts one attempt more.
        outbox.c.attempts == row.attempts,
    )


def _row(row: Any) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        kind=OutboxKind(row.kind),
        key=row.idem_key,
        school=row.school_id,
        case_id=row.case_id or 0,
        outreach_id=row.outreach_id or 0,
        day=row.day or row.not_before.date(),
        notice_id=row.notice_id or 0,
        attempts=row.attempts,
        provider_ref=row.provider_ref,
        lease_by=row.lease_by,
        unresolved_since=row.unresolved_since,
        waiting_since=row.waiting_since,
    )

"""The outbox: work outside Lantern, such as emails and posts. The job queue only wakes a worker.

A row is written in the transaction of the decision that causes it, and handled by the worker that
claims it. A claim is a lease: a worker that dies loses it, and the next one takes over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import LONGEST_PAUSE
from store.rules.model import OutboxKind, OutboxState
from store.tables import Instant, outbox, outreach

LOOKED_FOR = dt.timedelta(days=14)
"""How long the worker looks for the result of a row that a person was asked about."""

LOOKED_FOR_EVERY = dt.timedelta(minutes=15)

LEASE = dt.timedelta(minutes=2)
"""Longer than any one call to a platform may take, retries included, and long enough for a mail
service to show the effect of a request whose worker died. Longer work renews its lease."""

_NOW = sa.bindparam("now", type_=Instant)
_IS_FREE = sa.or_(
    sa.and_(outbox.c.state == OutboxState.DUE, outbox.c.not_before <= _NOW),
    sa.and_(
        outbox.c.state == OutboxState.SENDING,
        sa.or_(
            outbox.c.lease_until < _NOW,
            outbox.c.lease_until > sa.bindparam("too_late", type_=Instant),
        ),
    ),
    sa.and_(
        outbox.c.state == OutboxState.UNKNOWN,
        outbox.c.not_before <= _NOW,
        outbox.c.settled_at > sa.bindparam("looked_since", type_=Instant),
    ),
)
"""Due, to be looked for again, or claimed by a worker that died; also by one whose clock was far
ahead. With the values of ``_free_at``."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to do, claimed by this worker."""

    id: int
    kind: OutboxKind
    key: str
    school: int
    case_id: int
    """The case of a card or an email; 0 for a digest."""
    outreach_id: int
    """The outreach of an email; else 0."""
    day: dt.date
    """The day of a digest; for others the day from which the row was due."""
    notice_id: int
    """The id of a notice; else 0."""
    attempts: int
    provider_ref: str | None
    lease_by: str
    unresolved_since: dt.datetime | None = None
    """Since when the result of a request has been unknown; None where it is known."""
    waiting_since: dt.datetime | None = None
    """Since when its destination accepts nothing; None: it does, as far as is known."""
    patience_used: float = 0.0
    """Of the time for which it is tried in vain before a person is asked: 1 is all of it."""
    is_for_a_human: bool = False
    """Whether a person was asked about its result already. It is only looked for."""


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
    """Add a row to the outbox, once for its ``key``."""
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
    return bool(known_keys(work, [key]))


def known_keys(work: UnitOfWork, keys: Collection[str]) -> frozenset[str]:
    """Return those of these keys that the outbox has a row for."""
    if not keys:
        return frozenset()
    query = sa.select(outbox.c.idem_key).where(outbox.c.idem_key.in_(keys))
    return frozenset(work.connection.execute(query).scalars())


def put_many(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Add many rows at once; each has the columns that ``put`` fills."""
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
    """Claim the oldest due row of this kind for ``worker``; None if none is due.

    ``school`` limits the claim to that school's rows.

    One statement does it, so that two workers never get the same row. An expired lease is claimed
    again: its worker died, and the work of every row can safely be started again.
    """
    with store.unit_of_work() as work:
        of_school = {} if school is None else {"of_school": school}
        claiming = _claiming(of_one_school=bool(of_school))
        mine = {"of_kind": kind, "worker": worker, "lease": work.now + LEASE, **of_school}
        row = work.connection.execute(claiming, mine | _free_at(work.now)).one_or_none()
    return _row(row) if row else None


@cache
def _claiming(*, of_one_school: bool) -> sa.Executable:
    """Build the statement once: its parts take longer to put together than to be carried out."""
    wanted = [outbox.c.kind == sa.bindparam("of_kind"), _IS_FREE]
    if of_one_school:
        wanted.append(outbox.c.school_id == sa.bindparam("of_school"))
    candidate = (
        sa.select(outbox.c.id)
        .where(*wanted)
        # Rows that may have been sent already come before new ones.
        .order_by(outbox.c.unresolved_since.is_(None), outbox.c.not_before, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return (
        sa.update(outbox)
        .where(outbox.c.id == candidate)
        .values(
            state=OutboxState.SENDING,
            lease_by=sa.bindparam("worker"),
            lease_until=sa.bindparam("lease"),
            attempts=outbox.c.attempts + 1,
        )
        .returning(outbox)
    )


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

    False where this worker has it no more: the lease was lost, or the row had its final state
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
    """Renew the lease for work that takes longer; False where another worker has it."""
    with store.unit_of_work() as work:
        kept = sa.update(outbox).where(*_mine(row)).values(lease_until=work.now + LEASE)
        return work.connection.execute(kept).rowcount == 1


def found_out(store: Store, row: OutboxRow) -> bool:
    """Record that the result of the last request is known; False where the lease was lost.

    The time limit for unknown results starts again with the next request.
    """
    with store.unit_of_work() as work:
        known = sa.update(outbox).where(*_mine(row)).values(unresolved_since=None, patience_used=0)
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


def due_kinds(store: Store) -> list[OutboxKind]:
    """Return the kinds with due rows, for the sweeper."""
    query = sa.select(outbox.c.kind).where(_IS_FREE).distinct()
    with store.database.read() as connection:
        found = connection.execute(query, _free_at(store.now())).scalars()
        return sorted(OutboxKind(kind) for kind in found)


def due_schools(store: Store, kind: OutboxKind) -> list[int]:
    """Return the schools with due rows of this kind."""
    query = sa.select(outbox.c.school_id).where(outbox.c.kind == kind, _IS_FREE).distinct()
    with store.database.read() as connection:
        return sorted(connection.execute(query, _free_at(store.now())).scalars())


def _free_at(now: dt.datetime) -> dict[str, dt.datetime]:
    return {
        "now": now,
        "too_late": now + LEASE + LONGEST_PAUSE,
        "looked_since": now - LOOKED_FOR,
    }


def _waiting(row: OutboxRow) -> OutboxState:
    """What a row is that is given back."""
    return OutboxState.UNKNOWN if row.is_for_a_human else OutboxState.DUE


def _change(work: UnitOfWork, row: OutboxRow, **values: Any) -> bool:
    done = work.connection.execute(
        sa.update(outbox).where(*_mine(row)).values(lease_by=None, lease_until=None, **values)
    )
    return done.rowcount == 1


def _mine(row: OutboxRow) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that hold while this claim is valid."""
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
        patience_used=row.patience_used,
        is_for_a_human=row.settled_at is not None,
    )

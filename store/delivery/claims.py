"""Claim the rows of the outbox that are due.

A claim is a lease: a worker that dies loses it, and the next one takes over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.rules.calendar import LONGEST_PAUSE
from store.rules.model import OutboxKind, OutboxState
from store.tables import Instant, outbox

LOOKED_FOR = dt.timedelta(days=14)
"""How long the worker looks for the result of a row that a person was asked about."""

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
    """One row of the outbox, claimed by this worker: one message to post, send or delete."""

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
    """The share, 0 to 1, of the time without success after which a person is asked."""
    is_for_a_human: bool = False
    """Whether a person was asked about its result already. Lantern then only keeps checking."""


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


def renew_lease(store: Store, row: OutboxRow) -> bool:
    """Renew the lease for work that takes longer; False where another worker has it."""
    with store.unit_of_work() as work:
        kept = sa.update(outbox).where(*still_claimed(row)).values(lease_until=work.now + LEASE)
        return work.connection.execute(kept).rowcount == 1


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


def still_claimed(row: OutboxRow) -> tuple[sa.ColumnElement[bool], ...]:
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


def _free_at(now: dt.datetime) -> dict[str, dt.datetime]:
    return {
        "now": now,
        "too_late": now + LEASE + LONGEST_PAUSE,
        "looked_since": now - LOOKED_FOR,
    }

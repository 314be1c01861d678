"""The audit log: who did what to which case, in a hash chain that reveals every later change.

Each row's hash is ``HMAC-SHA256(key, previous hash || canonical row)``. Rows hold ids, states and
digests, never words about a person, so that erasing a student breaks no link. A row can only be
changed, dropped or moved unseen by a person who has the key, which is not in the database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.errors import NO_AUDIT_HEAD, CaseworkError
from store.tables import audit, audit_head

GENESIS = "0" * 64

Detail = str | int | bool | None

_MORE = (
    sa.update(audit_head)
    .values(seq=audit_head.c.seq + sa.bindparam("more"))
    .returning(audit_head.c.seq, audit_head.c.hash)
)
_ROWS = sa.insert(audit)
_LINK = sa.update(audit_head).values(hash=sa.bindparam("link"))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry for the audit log: who did what to which subject."""

    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the chain is broken, and what is wrong with it."""

    seq: int
    reason: str


def append(
    connection: sa.Connection, key: bytes, now: dt.datetime, entries: Sequence[AuditEntry]
) -> None:
    """Add entries to the chain, in this transaction.

    Updating the head first takes its row lock, so two writers cannot both link to one row.

    Raises:
        CaseworkError: the chain has no head, so the database was changed from outside.
    """
    if not entries:
        return
    head = connection.execute(_MORE, {"more": len(entries)}).one_or_none()
    if head is None:
        raise CaseworkError(NO_AUDIT_HEAD)
    first, link = head.seq - len(entries) + 1, head.hash
    rows = []
    for seq, entry in enumerate(entries, start=first):
        link = _link(key, link, seq, now, entry)
        rows.append(
            {
                "seq": seq,
                "at": now,
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "details": dict(entry.details),
                "hash": link,
            }
        )
    connection.execute(_ROWS, rows)
    connection.execute(_LINK, {"link": link})


def verify_chain(connection: sa.Connection, key: bytes) -> Broken | None:
    """Verify the whole chain; return the first break, or None."""
    link, expected = GENESIS, 1
    rows = iter(connection.execute(sa.select(audit).order_by(audit.c.seq)))
    while True:
        try:
            row = next(rows, None)
            if row is None:
                break
            if row.seq != expected:
                return Broken(expected, "this row is missing")
            entry = AuditEntry(row.actor, row.action, row.subject, row.details)
            link = _link(key, link, row.seq, row.at, entry)
            holds = hmac.compare_digest(link.encode(), str(row.hash).encode())
        except (ValueError, TypeError, AttributeError):
            # What Lantern wrote can be read; this was put there by something else.
            return Broken(expected, "this row is not one that Lantern wrote")
        if not holds:
            return Broken(expected, "this row, or the one before it, was changed")
        expected += 1
    head = connection.execute(sa.select(audit_head)).one_or_none()
    if head is None:
        return Broken(expected, "the head of the chain is missing")
    if (head.seq, head.hash) != (expected - 1, link):
        return Broken(expected, "rows are missing at the end")
    return None


def _link(key: bytes, previous: str, seq: int, at: dt.datetime, entry: AuditEntry) -> str:
    # Microseconds as a number: a timestamp's text form differs between the databases.
    micros = round(at.timestamp() * 1_000_000)
    row = [seq, micros, entry.actor, entry.action, entry.subject, dict(entry.details)]
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key, (previous + canonical).encode(), hashlib.sha256).hexdigest()

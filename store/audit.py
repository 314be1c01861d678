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
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.rules.errors import (
    AUDIT_HEAD_CHANGED,
    AUDIT_UNREADABLE,
    NO_AUDIT_HEAD,
    AuditDamaged,
    CaseworkError,
)
from store.tables import audit, audit_head

GENESIS = "0" * 64

Detail = str | int | bool | None

NOT_OURS = "this row is not one that Lantern wrote"
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("actor", "action", "subject", "hash"), str),
    "seq": int,
    "at": dt.datetime,
    "details": dict,
}

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
        AuditDamaged: the chain's head is missing or was changed from outside.
    """
    if not entries:
        return
    head = _only_head(connection.execute(_MORE, {"more": len(entries)}).all())
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
    try:
        connection.execute(_ROWS, rows)
    except sa.exc.IntegrityError:  # the head was set back, and these rows are there already
        raise AuditDamaged(AUDIT_HEAD_CHANGED) from None
    connection.execute(_LINK, {"link": link})


def _only_head(heads: Sequence[Any]) -> Any:
    if not heads:
        raise AuditDamaged(NO_AUDIT_HEAD)
    (head, *more) = heads
    if more or type(head.seq) is not int or head.seq < 0 or not isinstance(head.hash, str):
        raise AuditDamaged(AUDIT_HEAD_CHANGED)
    return head


def head_of(connection: sa.Connection) -> tuple[int, str]:
    """Return the number and hash of the newest row; 0 and ``GENESIS`` before the first.

    Raises:
        AuditDamaged: the head is missing or was changed from outside.
    """
    with readable():
        head = _only_head(connection.execute(sa.select(audit_head.c.seq, audit_head.c.hash)).all())
    return head.seq, head.hash


@contextmanager
def readable() -> Iterator[None]:
    """Read rows of the audit within this block.

    Raises:
        AuditDamaged: a value cannot be read, so something else than Lantern wrote it.
    """
    try:
        yield
    except AuditDamaged:
        raise
    except (CaseworkError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise AuditDamaged(AUDIT_UNREADABLE) from None
    except sa.exc.DBAPIError as error:
        if not _is_of_a_value(error):
            raise
        raise AuditDamaged(AUDIT_UNREADABLE) from None


def _is_of_a_value(error: sa.exc.DBAPIError) -> bool:
    """Return whether the driver could not decode a value, such as text that is not UTF-8.

    SQLite's own errors, of a lock or a disk, have a code.
    """
    if isinstance(error.orig, sqlite3.Error):
        return not hasattr(error.orig, "sqlite_errorcode")
    return isinstance(error, sa.exc.DataError)


def check_values(values: Mapping[str, object]) -> None:
    """Check that each value of a row, by its column, is of the kind that Lantern writes.

    Raises:
        TypeError: it is not. A list of pairs would else pass for details, as ``dict`` reads it.
    """
    for name, value in values.items():
        if not isinstance(value, _KINDS[name]):
            raise TypeError(name)


def verify_chain(connection: sa.Connection, key: bytes) -> Broken | None:
    """Verify the whole chain; return the first break, or None."""
    link, expected = GENESIS, 1
    rows = iter(connection.execute(sa.select(audit).order_by(audit.c.seq)))
    while True:
        try:
            with readable():
                row = next(rows, None)
                if row is None:
                    break
                check_values(row._asdict())
                if row.seq > expected:
                    return Broken(expected, "this row is missing")
                entry = AuditEntry(row.actor, row.action, row.subject, row.details)
                link = _link(key, link, row.seq, row.at, entry)
        except AuditDamaged:
            return Broken(expected, NOT_OURS)
        if row.seq < expected:
            return Broken(row.seq, NOT_OURS)
        if not hmac.compare_digest(link.encode(), row.hash.encode()):
            return Broken(expected, "this row, or the one before it, was changed")
        expected += 1
    return _break_of_head(connection, expected - 1, link)


def _break_of_head(connection: sa.Connection, rows: int, link: str) -> Broken | None:
    """Compare the head with the last row of a chain that is intact."""
    try:
        head = head_of(connection)
    except AuditDamaged as damaged:
        what = "missing" if damaged.sentence == NO_AUDIT_HEAD else "not as Lantern wrote it"
        return Broken(rows + 1, f"the head of the chain is {what}")
    if head[0] > rows:
        return Broken(rows + 1, "rows are missing at the end")
    return None if head == (rows, link) else Broken(rows, "the head of the chain was changed")


def _link(key: bytes, previous: str, seq: int, at: dt.datetime, entry: AuditEntry) -> str:
    # Microseconds as a number: a timestamp's text form differs between the databases.
    micros = round(at.timestamp() * 1_000_000)
    row = [seq, micros, entry.actor, entry.action, entry.subject, dict(entry.details)]
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key, (previous + canonical).encode(), hashlib.sha256).hexdigest()

"""The unit of work: the transaction of one use case, committed as a whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from store import audit
from store.audit import AuditEntry, Detail
from store.db.database import Database
from store.db.student_keys import use_seal
from store.encryption import Encryption
from store.rules.model import OutboxKind
from store.rules.outreach.guards import SendingLimits
from store.signed_links import StudentLinks

Wake = Callable[[OutboxKind], None]
"""Called after a commit with outbox rows of this kind. It may be lost: a sweeper looks too."""

Queued = Callable[[Sequence[str]], None]
"""Called after a commit with the keys of its rows in the outbox, for the log."""


@dataclass(slots=True)
class UnitOfWork:
    """A transaction in progress. ``now`` is the same instant throughout."""

    connection: sa.Connection
    now: dt.datetime
    links: StudentLinks
    """Signs the links below an email that is written in this transaction."""
    mark: Callable[[str], str]
    """Returns a keyed digest of a text: see ``Store.mark``."""
    _entries: list[AuditEntry] = field(default_factory=list)
    _woken: set[OutboxKind] = field(default_factory=set)
    _queued: list[str] = field(default_factory=list)

    def record(self, actor: str, action: str, subject: str, **details: Detail) -> None:
        """Add an entry to the audit, written at commit. Ids and states only."""
        self._entries.append(AuditEntry(actor, action, subject, details))

    def wake(self, kind: OutboxKind, keys: Iterable[str] = ()) -> None:
        """Wake a worker for rows of this kind in the outbox, after the commit; ``keys`` are theirs,
        for the log."""
        self._woken.add(kind)
        self._queued += keys


def mark_of(audit_key: bytes, text: str) -> str:
    """Return the digest of ``Store.mark``, for what is checked before there is a store."""
    key = hmac.new(audit_key, b"lantern marks", hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Store:
    """The record store, with the keys, clock, limits and links that its transactions need."""

    def __init__(
        self,
        database: Database,
        *,
        audit_key: bytes,
        seal: Encryption,
        now: Callable[[], dt.datetime],
        wake: Wake | None = None,
        limits: SendingLimits | None = None,
        public_url: str = "",
        students_sign_in: bool = False,
    ) -> None:
        """``students_sign_in``: whether students can sign in to their own page, at ``/me``."""
        self.database = database
        use_seal(database.engine, seal)
        self.now = now
        self.seal = seal
        self.limits = limits or SendingLimits()
        self.students_sign_in = students_sign_in
        # Its name, for students' pages; '' where it is not set.
        self.university = ""
        self.links = StudentLinks(seal.secrets_for("student links"), public_url)
        self._audit_key = audit_key
        self._wake = wake
        self.queued: Queued | None = None

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Begin a transaction; at the end write the audit and commit, or roll back."""
        with self.database.write() as connection:
            work = UnitOfWork(connection, self.now(), self.links, self.mark)
            yield work
            # Last, to lock the head of the chain for as short a time as possible.
            audit.append(connection, self._audit_key, work.now, work._entries)
        if self.queued and work._queued:
            self.queued(work._queued)
        if self._wake:
            for kind in sorted(work._woken):
                self._wake(kind)

    def mark(self, text: str) -> str:
        """Return a keyed digest (HMAC) of a text: always the same, and it reveals nothing."""
        return mark_of(self._audit_key, text)

    def verify_audit(self) -> audit.Broken | None:
        """Verify the audit's chain; return the first break, or None."""
        with self.database.read() as connection:
            return audit.verify_chain(connection, self._audit_key)

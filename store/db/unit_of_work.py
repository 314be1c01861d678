"""One use case, one unit of work: everything in it is kept together, or nothing is."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from store import audit
from store.audit import AuditEntry, Detail
from store.db.database import Database
from store.encryption import Encryption
from store.rules.model import OutboxKind
from store.rules.outreach.guards import SendingLimits
from store.signed_links import StudentLinks

Wake = Callable[[OutboxKind], None]
"""Told after a commit that outbox rows of this kind are due. It may be lost: a sweeper looks."""


@dataclass(slots=True)
class UnitOfWork:
    """A transaction under way. ``now`` is one instant for all of it."""

    connection: sa.Connection
    now: dt.datetime
    links: StudentLinks
    """Signs what stands under an email that is written here."""
    mark: Callable[[str], str]
    """Gives a keyed digest: it recognises a text, and tells it to no one without the key."""
    _entries: list[AuditEntry] = field(default_factory=list)
    _woken: set[OutboxKind] = field(default_factory=set)

    def record(self, actor: str, action: str, subject: str, **details: Detail) -> None:
        """Note for the audit; written with the rest at commit. Ids and states only."""
        self._entries.append(AuditEntry(actor, action, subject, details))

    def wake(self, kind: OutboxKind) -> None:
        """Have a worker look at the outbox once this is committed."""
        self._woken.add(kind)


class Store:
    """The record store: a database, the audit's key, what closes texts, the clock, the worker
    to wake, how far email may go, and the links that stand under it."""

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
    ) -> None:
        self.database = database
        self.now = now
        self.seal = seal
        self.limits = limits or SendingLimits()
        self.links = StudentLinks(seal.secrets_for("student links"), public_url)
        self._audit_key = audit_key
        self._wake = wake

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Begin; at the end write the audit and commit, or roll all of it back."""
        with self.database.write() as connection:
            work = UnitOfWork(connection, self.now(), self.links, self.mark)
            yield work
            # Last, so that the head of the chain is locked for as short as can be.
            audit.append(connection, self._audit_key, work.now, work._entries)
        if self._wake:
            for kind in sorted(work._woken):
                self._wake(kind)

    def mark(self, text: str) -> str:
        """Return a keyed digest: it recognises a text, and tells it to no one without the key."""
        key = hmac.new(self._audit_key, b"lantern marks", hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def verify_audit(self) -> audit.Broken | None:
        """Say whether the audit's chain holds; the first place where it does not, or None."""
        with self.database.read() as connection:
            return audit.verify(connection, self._audit_key)

"""Check a process's keys against the database's first keys; with others it does not start."""

from __future__ import annotations

import sqlalchemy as sa

from store.audit import verify_chain
from store.db.database import Database
from store.encryption import Encryption
from store.rules.errors import AUDIT_HEAD_CHANGED, NO_AUDIT_HEAD, AuditDamaged
from store.tables import audit, audit_head, seal_checks

_PROBE = "probe"


def is_begun(database: Database) -> bool:
    """Return whether the database already depends on the keys it was first used with."""
    inspector = sa.inspect(database.engine)
    if not inspector.has_table(audit_head.name):
        return False
    columns = {column["name"] for column in inspector.get_columns(audit_head.name)}
    # A database before that migration has no fingerprint of the key, but may have signed rows.
    known = [audit_head.c[name] for name in ("seq", "key_print") if name in columns]
    with database.read() as connection:
        head = connection.execute(sa.select(*known)).first()
    return head is None or any(head)


def begins_audit(database: Database, key_print: str) -> bool:
    """Return whether this key fingerprint is the audit's; the first one ever is recorded.

    Raises:
        AuditDamaged: the chain has lost its head, or has more than one.
    """
    with database.write() as connection:
        known = connection.execute(
            sa.update(audit_head)
            .values(key_print=sa.func.coalesce(audit_head.c.key_print, key_print))
            .returning(audit_head.c.key_print)
        ).scalars()
        heads = known.all()
        if len(heads) != 1:
            raise AuditDamaged(AUDIT_HEAD_CHANGED if heads else NO_AUDIT_HEAD)
    return bool(heads[0] == key_print)


def signed_first_row(database: Database, key: bytes) -> bool:
    """Return whether the audit's first row was signed with this key, and only its fingerprint in
    the head was changed. Without a row nothing was signed."""
    with database.read() as connection:
        if connection.scalar(sa.select(audit.c.seq).limit(1)) is None:
            return False
        broken = verify_chain(connection, key)
    return broken is None or broken.seq > 1


def check_seal(database: Database, seal: Encryption) -> None:
    """Check that ``seal`` can decrypt this database's texts; the first one ever is recorded.

    Raises ``SealBroken`` where it cannot.
    """
    with database.write() as connection:
        # Of two processes that start at once the second waits, and finds what the first wrote.
        connection.execute(sa.select(audit_head.c.seq).with_for_update())
        known = connection.execute(sa.select(seal_checks.c.sealed)).scalar_one_or_none()
        if known is None:
            connection.execute(
                sa.insert(seal_checks).values(name=_PROBE, sealed=seal.close(_PROBE))
            )
            return
    seal.open(known)

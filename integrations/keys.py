"""The keys of a process: as set, or made once and kept beside the embedded database.

The database remembers which keys it was begun with, so that a process that was given others stops
at the start instead of breaking the audit's chain or finding students' answers unreadable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

import sqlalchemy as sa

from integrations.settings import Settings, WrongSetting
from store.db.database import Database
from store.encryption import Seal, SealBroken
from store.rules.errors import NO_AUDIT_HEAD, CaseworkError
from store.tables import audit_head, seal_checks

_PROBE = "probe"
SHORTEST = 32
"""Characters of a key."""
OTHER_SEAL = (
    "The setting ENCRYPTION_KEY has to begin with the new key and go on with every older one: "
    "what this database keeps cannot be opened with these."
)


def audit_key(settings: Settings, database: Database) -> bytes:
    """The key of the audit's chain. Raises ``WrongSetting`` where it is another one.

    Raises:
        CaseworkError: the chain has no head any more.
    """
    if settings.audit_key:
        key = settings.audit_key.get_secret_value().encode()
    else:
        key = _own_key(settings.home / "keys" / "audit.key").encode()
    print_of_key = hmac.new(key, b"lantern audit", hashlib.sha256).hexdigest()[:16]
    with database.write() as connection:
        known = connection.execute(
            sa.update(audit_head)
            .values(key_print=sa.func.coalesce(audit_head.c.key_print, print_of_key))
            .returning(audit_head.c.key_print)
        ).scalar_one_or_none()
    if known is None:
        raise CaseworkError(NO_AUDIT_HEAD)
    if known != print_of_key:
        raise WrongSetting(
            "The setting AUDIT_KEY is not the key that this database's audit was begun with; set "
            "that one, or put LANTERN_HOME/keys back from the backup."
        )
    return key


def seal(settings: Settings, database: Database) -> Seal:
    """What closes texts in the database. Raises ``WrongSetting`` where it cannot open them."""
    made = seal_as_set(settings)
    with database.write() as connection:
        # Of two processes that start at once the second waits, and finds what the first wrote.
        connection.execute(sa.select(audit_head.c.seq).with_for_update())
        known = connection.execute(sa.select(seal_checks.c.sealed)).scalar_one_or_none()
        if known is None:
            connection.execute(
                sa.insert(seal_checks).values(name=_PROBE, sealed=made.close(_PROBE))
            )
            return made
    try:
        made.open(known)
    except SealBroken:
        raise WrongSetting(OTHER_SEAL) from None
    return made


def seal_as_set(settings: Settings) -> Seal:
    """The same before anybody has looked whether the database was begun with it."""
    return Seal(
        *(settings.encryption_keys or (_own_key(settings.home / "keys" / "encryption.key"),))
    )


def _own_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A link appears whole or not at all, and never over another process's key.
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < SHORTEST:
        raise WrongSetting(
            f"The file keys/{path.name} in LANTERN_HOME holds no key any more; put it back from "
            "the backup."
        )
    return key

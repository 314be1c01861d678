"""The keys of a process: as set, or made once and kept beside the embedded database.

The database remembers which keys it was begun with (``store.db.key_check``), so that a process that
was given others stops at the start instead of breaking the audit's chain or finding students'
answers unreadable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from integrations.settings import Settings, WrongSetting

SHORTEST = 32
"""Characters of a key."""
OTHER_SEAL = (
    "The setting ENCRYPTION_KEY has to begin with the new key and go on with every older one: "
    "what this database keeps cannot be opened with these."
)
OTHER_AUDIT = (
    "The setting AUDIT_KEY is not the key that this database's audit was begun with; set "
    "that one, or put LANTERN_HOME/keys back from the backup."
)


def audit_key(settings: Settings, *, may_make: bool = True) -> bytes:
    """Return the key of the audit's chain.

    ``may_make`` is False where a database was begun with one: a key that is lost then is not
    replaced by another, which could prove nothing.

    Raises:
        WrongSetting: the key is missing or cannot be read.
    """
    if settings.audit_key:
        return settings.audit_key.get_secret_value().encode()
    return _own_key(settings.home / "keys" / "audit.key", may_make=may_make).encode()


def print_of(key: bytes) -> str:
    """Say what the database remembers of the audit's key: it tells nothing of the key itself."""
    return hmac.new(key, b"lantern audit", hashlib.sha256).hexdigest()[:16]


def encryption_keys(settings: Settings, *, may_make: bool = True) -> tuple[str, ...]:
    """Say what closes texts in the database, the newest first. As ``audit_key`` in all else."""
    return settings.encryption_keys or (
        _own_key(settings.home / "keys" / "encryption.key", may_make=may_make),
    )


def _own_key(path: Path, *, may_make: bool) -> str:
    if not path.exists():
        if not may_make:
            setting = f"{path.stem.upper()}_KEY"
            raise WrongSetting(
                f"The file keys/{path.name} is missing from LANTERN_HOME, and {setting} is not set "
                "either. This database was begun with a key, so no other is made: put "
                "the file back from the backup, or set the key."
            )
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

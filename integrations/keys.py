"""The keys of a process: from the settings, or made once and stored beside the embedded database.

The database remembers its first keys (``store.db.key_check``), so that a process with other keys
stops at the start instead of breaking the audit's chain or failing to decrypt students' answers.
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
    "The setting ENCRYPTION_KEY has to begin with the new key and continue with every older one: "
    "what this database keeps cannot be opened with these."
)
OTHER_AUDIT = (
    "The setting AUDIT_KEY is not the key that this database's audit was begun with; set "
    "that one, or put LANTERN_HOME/keys back from the backup."
)


def audit_key(settings: Settings, *, may_make: bool = True) -> bytes:
    """Return the key of the audit's chain.

    ``may_make`` is False where the database depends on a key already: a lost key is not replaced by
    a new one, which could not verify the chain.

    Raises:
        WrongSetting: the key is missing or cannot be read.
    """
    if settings.audit_key:
        return settings.audit_key.get_secret_value().encode()
    return _own_key(settings.home / "keys" / "audit.key", may_make=may_make).encode()


def print_of(key: bytes) -> str:
    """Return the fingerprint of the audit's key for the database; it does not reveal the key."""
    return hmac.new(key, b"lantern audit", hashlib.sha256).hexdigest()[:16]


def encryption_keys(settings: Settings, *, may_make: bool = True) -> tuple[str, ...]:
    """Return the keys that encrypt stored texts, newest first; see ``audit_key``."""
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
        for folder in (path.parent.parent, path.parent):  # parents would be open to others
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A hard link appears atomically, and never replaces another process's key.
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
            f"The file keys/{path.name} in LANTERN_HOME no longer contains a key; put it back from "
            "the backup."
        )
    return key

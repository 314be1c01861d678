"""Lantern's keys in a file of their own, encrypted with a passphrase."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from integrations import keys
from integrations.settings import Settings
from store.rules.errors import InvalidInput

SHORTEST = 12
"""Characters of a passphrase."""


def write_keys(settings: Settings, passphrase: str, file: Path) -> None:
    """Write the keys, encrypted with the passphrase.

    Raises ``InvalidInput`` where the passphrase is too short.
    """
    if len(passphrase) < SHORTEST:
        raise InvalidInput(f"The passphrase needs at least {SHORTEST} characters.")
    plain = {
        "audit": keys.audit_key(settings).decode(),
        "encryption": ",".join(keys.encryption_keys(settings)),
    }
    salt = secrets.token_hex(16)
    closed = _seal(passphrase, salt).encrypt(json.dumps(plain).encode()).decode()
    text = json.dumps({"salt": salt, "keys": closed})
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)


def put_back_keys(settings: Settings, passphrase: str, file: Path) -> None:
    """Write the keys of a file into ``LANTERN_HOME/keys``, where none are yet.

    Raises:
        InvalidInput: the passphrase is wrong, or there are other keys already.
    """
    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
        opened = _seal(passphrase, str(whole["salt"])).decrypt(str(whole["keys"]).encode())
        plain: dict[str, str] = json.loads(opened)
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be read: {error.strerror}. Name the file of the keys, and give "
            "Lantern's account the right to read it."
        ) from None
    except (ValueError, KeyError, TypeError, InvalidToken):
        raise InvalidInput(
            f"{file.name} cannot be opened with this passphrase. Check the file and the passphrase."
        ) from None
    if settings.audit_key or settings.encryption_key:
        return  # the settings name the keys; the backup says whether they are its own
    folder = settings.home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, key in plain.items():
        path = folder / f"{name}.key"
        if path.exists() and path.read_text(encoding="ascii").strip() != key:
            raise InvalidInput(
                f"{path} holds another key. Restore into an empty LANTERN_HOME, or move it away."
            )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(key)


def _seal(passphrase: str, salt: str) -> Fernet:
    slow = Scrypt(salt=salt.encode(), length=32, n=2**15, r=8, p=1)
    return Fernet(base64.urlsafe_b64encode(slow.derive(passphrase.encode())))

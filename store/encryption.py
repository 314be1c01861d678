"""Texts that the database keeps and only Lantern may read: students' answers, platforms' tokens.

A person who copies the database, or looks into it, reads none of them without the key, which
is not in it. Source of the scheme: Fernet of the cryptography library (AES-128 in CBC
with HMAC-SHA256).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The sealed text was changed, or was sealed with a key that this process was not given."""


class Encryption:
    """Closes texts with the first of its keys, and opens what any of them closed."""

    def __init__(self, *keys: str) -> None:
        """``keys`` are secrets of any form, the newest first; older ones are only for opening."""
        self._keys = keys
        self._fernet = MultiFernet(
            [Fernet(base64.urlsafe_b64encode(_derived(key, "texts"))) for key in keys]
        )

    def close(self, text: str) -> str:
        """Return the sealed text, in ASCII; another one each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a text. Raises ``SealBroken`` where no key fits or it was changed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken("a sealed text cannot be opened with this key") from None

    def close_bytes(self, content: bytes) -> bytes:
        """Return the sealed bytes, in ASCII without line breaks; others each time."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt bytes. Raises ``SealBroken`` where no key fits or they were changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise SealBroken("sealed bytes cannot be opened with this key") from None

    def secrets_for(self, purpose: str) -> list[bytes]:
        """Keys of their own for signing, newest first: 32 bytes each. One purpose's signature is
        worth nothing for another."""
        return [_derived(key, purpose) for key in self._keys]


def _derived(key: str, purpose: str) -> bytes:
    info = f"lantern {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())

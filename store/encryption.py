"""Encryption of stored texts that only Lantern may read: students' answers, platforms' tokens.

The key is not in the database, so a copy of the database reveals none of them. Source of the
scheme: Fernet of the cryptography library (AES-128 in CBC with HMAC-SHA256).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The encrypted text was changed, or its key is not one of this process's keys."""


class Encryption:
    """Encrypts with the first of its keys, and decrypts with any of them."""

    def __init__(self, *keys: str) -> None:
        """``keys`` are secrets of any form, newest first; older ones only decrypt."""
        self._keys = keys
        self._fernet = MultiFernet(
            [Fernet(base64.urlsafe_b64encode(_derived(key, "texts"))) for key in keys]
        )

    def close(self, text: str) -> str:
        """Encrypt a text; the result is ASCII and differs each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a text. Raises ``SealBroken`` where no key fits or it was changed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken("a sealed text cannot be opened with this key") from None

    def close_bytes(self, content: bytes) -> bytes:
        """Encrypt bytes; the result is ASCII without line breaks and differs each time."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt bytes. Raises ``SealBroken`` where no key fits or they were changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise SealBroken("sealed bytes cannot be opened with this key") from None

    def secrets_for(self, purpose: str) -> list[bytes]:
        """Derive signing keys of 32 bytes for one purpose, newest first.

        A signature for one purpose is not valid for another.
        """
        return [_derived(key, purpose) for key in self._keys]


def _derived(key: str, purpose: str) -> bytes:
    info = f"lantern {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())

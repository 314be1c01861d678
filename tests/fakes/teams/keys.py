"""The Bot Framework's own keys: metadata, the list of keys, and tokens signed with one."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://api.botframework.com"
ROOT = "https://login.botframework.com"
METADATA = f"{ROOT}/v1/.well-known/openidconfiguration"


@cache
def private_key(number: int) -> rsa.RSAPrivateKey:
    """Return a key, made once in a process."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class SigningKeys:
    """The published keys, and the one that signs."""

    published: list[int] = field(default_factory=lambda: [1])
    endorsed: tuple[str, ...] = ("msteams", "skype")
    asked: int = 0

    @property
    def current(self) -> int:
        return self.published[-1]

    def rotate(self) -> None:
        """Sign with another key from now on; the old one is no longer published."""
        self.published = [self.current + 1]

    def metadata(self) -> dict[str, Any]:
        """Return the OpenID document."""
        known = {"issuer": ISSUER, "jwks_uri": f"{ROOT}/v1/.well-known/keys"}
        return known | {"id_token_signing_alg_values_supported": ["RS256"]}

    def jwks(self) -> dict[str, Any]:
        """Return the published keys."""
        self.asked += 1
        return {"keys": [self._public(number) for number in self.published]}

    def token(self, claims: dict[str, Any], number: int | None = None, **header: Any) -> str:
        """Return these claims, signed; a claim that is None is left out."""
        number = self.current if number is None else number
        kept = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": f"key-{number}", **header}
        return jwt.encode(kept, private_key(number), "RS256", headers=headers)

    def _public(self, number: int) -> dict[str, Any]:
        numbers = private_key(number).public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": f"key-{number}",
            "n": _number(numbers.n),
            "e": _number(numbers.e),
            "endorsements": list(self.endorsed),
        }


def claims_for(client: str, service_url: str) -> dict[str, Any]:
    """Return Teams's claims about an activity; on the real clock, which the SDK uses."""
    now = int(time.time())
    lasts = {"iat": now, "nbf": now - 300, "exp": now + 3600}
    return {"iss": ISSUER, "aud": client, "serviceurl": service_url, **lasts}


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

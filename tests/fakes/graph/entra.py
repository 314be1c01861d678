"""Entra's token endpoint, and a way to it for msal, which insists on https."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

AUTHORITY = "https://login.microsoftonline.com"
TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
SECRET = "an invented secret"
LIFETIME = dt.timedelta(hours=1)


@cache
def certificate() -> str:
    """Return a key and its certificate as PEM, made once in a process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lantern")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + made.public_bytes(serialization.Encoding.PEM)
    return pem.decode()


@dataclass
class Entra:
    """A token service for one known application, which also says whether a token is valid."""

    now: Callable[[], dt.datetime]
    pem: str = ""
    """The certificate whose signature it trusts; '' accepts only the secret."""
    issued: dict[str, dt.datetime] = field(default_factory=dict)
    """The expiry time of each token."""
    refusal: str = "AADSTS7000215"
    """The error number for a wrong application; another number also refuses a right one."""
    is_away: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request for discovery or for a token."""
        if self.is_away:
            return httpx.Response(503, text="Service unavailable")
        if self.refusal == "AADSTS90002":
            return _refused(400, "invalid_tenant", self.refusal)
        if request.url.path.endswith("/.well-known/openid-configuration"):
            root = f"{AUTHORITY}/{TENANT}"
            known = {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
            }
            return httpx.Response(200, json=known)
        form = {name: each[0] for name, each in parse_qs(request.content.decode()).items()}
        is_right = form.get("client_id") == CLIENT and self._proves(form)
        if not is_right or self.refusal != "AADSTS7000215":
            return _refused(401, "invalid_client", self.refusal)
        token = f"token-{len(self.issued) + 1}"
        self.issued[token] = self.now() + LIFETIME
        lasts = int(LIFETIME.total_seconds())
        return httpx.Response(
            200, json={"access_token": token, "token_type": "Bearer", "expires_in": lasts}
        )

    def knows(self, header: str) -> bool:
        """Return whether this Authorization header has a valid token."""
        until = self.issued.get(header.removeprefix("Bearer "))
        return until is not None and self.now() < until

    def revoke_all(self) -> None:
        """Make all tokens issued so far invalid."""
        self.issued = dict.fromkeys(self.issued, dt.datetime.min.replace(tzinfo=dt.UTC))

    def _proves(self, form: dict[str, str]) -> bool:
        if "client_assertion" not in form:
            return form.get("client_secret") == SECRET
        if not self.pem:
            return False
        public = x509.load_pem_x509_certificate(self.pem.encode()).public_key()
        assert isinstance(public, rsa.RSAPublicKey)
        audience = f"{AUTHORITY}/{TENANT}/oauth2/v2.0/token"
        try:
            claims = jwt.decode(form["client_assertion"], public, ["PS256"], audience=audience)
        except jwt.InvalidTokenError:
            return False
        return bool(claims["sub"] == CLIENT)


def _refused(status: int, name: str, number: str) -> httpx.Response:
    said = f"{number}: Invalid client secret or assertion provided for dana@x."
    return httpx.Response(status, json={"error": name, "error_description": said})


class MsalRoute:
    """An HTTP client for msal that sends its requests to Entra to ``base`` instead."""

    def __init__(self, http: httpx.Client, base: str) -> None:
        self._http = http
        self._base = base

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        return self._http.get(self._there(url), headers=kwargs.get("headers"))

    def post(self, url: str, **kwargs: Any) -> httpx.Response:
        # msal leaves an assertion in bytes, which requests takes for text and httpx does not.
        form = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in kwargs.get("data", {}).items()
        }
        return self._http.post(self._there(url), headers=kwargs.get("headers"), data=form)

    def close(self) -> None:
        self._http.close()

    def _there(self, url: str) -> str:
        return url.replace(AUTHORITY, f"{self._base}/entra")

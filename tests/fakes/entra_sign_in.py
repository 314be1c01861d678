"""A fake of Entra's sign-in: it asks for no password, but checks everything that is sent."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.graph.entra import AUTHORITY, CLIENT, SECRET, TENANT

ROOT = f"{AUTHORITY}/{TENANT}"
OIDC = f"{AUTHORITY}/oidc"
"""The issuer of another OpenID provider, as which this fake can also act."""
CODE_LIFE = dt.timedelta(minutes=10)

Claims = dict[str, Any]


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class SignInService:
    """The sign-in service. The person in ``person`` is at its page, and signs in."""

    now: Callable[[], dt.datetime]
    callback: str
    person: Claims = field(default_factory=dict)
    """Claims about the person in its ID tokens, which add to or replace the usual ones."""
    skew: dt.timedelta = dt.timedelta(0)
    """How far its clock is ahead of ours."""
    is_cancelled: bool = False
    is_away: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    """The query of each browser that came."""
    _codes: dict[str, tuple[dict[str, str], dt.datetime]] = field(default_factory=dict)
    """The request and time of each code. A code is valid once."""

    @property
    def app(self) -> Starlette:
        """Return the application with its addresses, as behind ``MsalRoute``."""
        return Starlette(
            routes=[
                Route(
                    f"/entra/{TENANT}/v2.0/.well-known/openid-configuration",
                    lambda _: self._discovery(f"{ROOT}/v2.0", f"{ROOT}/oauth2/v2.0"),
                ),
                Route(
                    "/entra/oidc/.well-known/openid-configuration",
                    lambda _: self._discovery(OIDC, OIDC),
                ),
                Route(f"/entra/{TENANT}/oauth2/v2.0/authorize", self._authorize),
                Route(f"/entra/{TENANT}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/entra/oidc/authorize", self._authorize),
                Route("/entra/oidc/token", self._token, methods=["POST"]),
            ]
        )

    def _discovery(self, issuer: str, root: str) -> Response:
        if self.is_away:
            return JSONResponse({}, 503)
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{root}/authorize",
                "token_endpoint": f"{root}/token",
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.callback
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        if self.is_cancelled:
            back = {"error": "access_denied", "error_description": "dana@x did not want to"}
        else:
            back = {"code": f"code-{len(self.asked)}"}
            self._codes[back["code"]] = asked, self.now()
        query = urlencode(back | {"state": asked["state"]})
        return RedirectResponse(f"{self.callback}?{query}", status_code=302)

    async def _token(self, request: Request) -> Response:
        form = {name: each[0] for name, each in parse_qs((await request.body()).decode()).items()}
        return await run_in_threadpool(self._exchange, form, request.url.path)

    def _exchange(self, form: dict[str, str], path: str) -> Response:
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return _refused(401, "invalid_client", "AADSTS7000215")
        asked, at = self._codes.pop(form.get("code", ""), ({}, self.now()))
        if not asked or self.now() - at > CODE_LIFE:
            return _refused(400, "invalid_grant", "AADSTS54005")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return _refused(400, "invalid_grant", "AADSTS501481")
        return JSONResponse(
            {
                "access_token": "an invented token",
                "token_type": "Bearer",
                "expires_in": 3600,
                "id_token": self._id_token(asked["nonce"], path),
            }
        )

    def _id_token(self, nonce: str, path: str) -> str:
        now = int((self.now() + self.skew).timestamp())
        issuer = OIDC if path.startswith("/entra/oidc/") else f"{ROOT}/v2.0"
        usual = {
            "iss": issuer,
            "aud": CLIENT,
            "tid": TENANT,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "nonce": nonce,
        }
        return jwt.encode(usual | self.person, _key(), "RS256")


def _refused(status: int, name: str, number: str) -> Response:
    said = {"error": name, "error_description": f"{number}: not for dana@students.example.ac.uk"}
    return JSONResponse(said, status)

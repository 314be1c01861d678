"""Entra for a bot: as for Graph, but its tokens name their audience, which Teams checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import jwt

from tests.fakes.graph.entra import CLIENT, TENANT, Entra
from tests.fakes.teams.keys import private_key

AUDIENCE = "https://api.botframework.com"
ISSUER = f"https://sts.windows.net/{TENANT}/"
_OWN_KEY = 0


class BotEntra(Entra):
    """A signer of tokens for Teams's connector."""

    def __init__(self, now: Callable[[], dt.datetime], pem: str = "") -> None:
        super().__init__(now, pem)
        self.audience = AUDIENCE

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request for discovery, or for a token for a scope."""
        answer = super().answer(request)
        if answer.status_code != 200 or "access_token" not in answer.json():
            return answer
        scope = parse_qs(request.content.decode()).get("scope", [""])[0].split(" ")[0]
        claims = {
            "aud": scope.removesuffix("/.default"),
            "iss": ISSUER,
            "appid": CLIENT,
            "jti": answer.json()["access_token"],
        }
        token = jwt.encode(claims, private_key(_OWN_KEY), "RS256")
        self.issued[token] = self.issued.pop(claims["jti"])
        return httpx.Response(200, json={**answer.json(), "access_token": token})

    def lets_in(self, header: str) -> bool:
        """Return whether a token is Entra's, for the connector, from this bot, and still valid."""
        scheme, _, token = header.partition(" ")
        try:
            claims = jwt.decode(
                token,
                private_key(_OWN_KEY).public_key(),
                ["RS256"],
                audience=self.audience,
                issuer=ISSUER,
            )
        except jwt.InvalidTokenError:
            return False
        return scheme == "Bearer" and claims["appid"] == CLIENT and self.knows(header)

"""Verify that Teams sent an activity, for this bot, from a tenant on the list.

The SDK checks tokens as well, after this. Its check does not suffice: it accepts a body without a
service URL and a token that never ends, knows no list of tenants or hosts, accepts another
product's tokens, and would fetch keys within the event loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jwt

from bot.teams.inbound_request import InboundRequest, inbound_request, part
from bot.teams.signing_keys import CHANNEL, ISSUER, Keys, UntrustedKey
from integrations.chat.teams.allowed_hosts import service_url_of
from integrations.chat.teams.credentials import PLAYGROUND_TENANT, TeamsAccount

LEEWAY = 300
"""Seconds that the two clocks may differ, as in the SDK."""


class Unauthentic(Exception):
    """Teams did not send this. The text is for the log and quotes nothing."""


class Foreign(Exception):
    """Teams sent this, for people of a tenant that is not on the list."""


class RequestVerifier:
    """Verifies activities. It may fetch keys, so it is called in a thread."""

    def __init__(self, account: TeamsAccount, keys: Keys) -> None:
        self._account = account
        self._keys = keys

    def admit(self, authorization: str, body: object) -> tuple[InboundRequest, str]:
        """Verify an activity; return it and the service URL that its token confirms.

        Raises:
            Unauthentic: the token or the activity is not from Teams.
            Foreign: it comes from a tenant that is not on the list.
        """
        if not isinstance(body, Mapping):
            raise Unauthentic("not an object")
        hosts, is_playground = self._account.hosts, self._account.is_playground
        url = service_url_of(body.get("serviceUrl"), hosts, insecure=is_playground)
        if url is None:
            raise Unauthentic("the service URL is not on the list")
        if not is_playground:
            claims = self._claims(authorization)
            if service_url_of(claims["serviceurl"], hosts) != url:
                raise Unauthentic("the service URL is another one's")
        _check_shape(body)
        if is_playground:
            return inbound_request(body, PLAYGROUND_TENANT), url
        if str(part(body, "recipient").get("id")).lower() != f"28:{self._account.client_id}":
            raise Unauthentic("for another bot")
        return inbound_request(body, self._tenant(body)), url

    def _claims(self, authorization: str) -> dict[str, Any]:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token:
            raise Unauthentic("no bearer")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "RS256":
                raise Unauthentic("another algorithm")
            key = self._keys.for_teams(str(header.get("kid")))
            return jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._account.client_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "serviceurl"]},
            )
        except (jwt.InvalidTokenError, UntrustedKey) as error:
            raise Unauthentic(type(error).__name__) from None

    def _tenant(self, body: Mapping[str, Any]) -> str:
        named = set(_tenants(body))
        # In a shared channel the person's tenant is not the conversation's: foreign as well.
        if len(named) != 1 or not named <= set(self._account.tenants):
            raise Foreign
        return named.pop()


def _tenants(body: Mapping[str, Any]) -> Iterator[str]:
    """List every tenant that an activity names."""
    places = (
        part(part(body, "channelData"), "tenant").get("id"),
        part(body, "conversation").get("tenantId"),
        part(body, "from").get("tenantId"),
    )
    yield from (str(each).lower() for each in places if each is not None)


def _check_shape(body: Mapping[str, Any]) -> None:
    """Check the fields that every activity has; each listener checks the rest."""
    needed = (
        body.get("type"),
        body.get("id"),
        part(body, "conversation").get("id"),
        part(body, "from").get("id"),
        part(body, "recipient").get("id"),
    )
    if not all(
        isinstance(each, str) and each.isascii() and 0 < len(each) <= 1000 for each in needed
    ):
        raise Unauthentic("parts are missing")
    if body.get("channelId") != CHANNEL:
        raise Unauthentic("another channel")

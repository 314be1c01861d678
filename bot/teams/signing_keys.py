"""Fetch and keep the Bot Framework's signing keys, and renew them on rotation."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"

OLDEST = dt.timedelta(hours=24)
PAUSE = dt.timedelta(seconds=30)
"""Seconds between two fetches for an unknown key, to limit requests that others can cause."""


class UntrustedKey(Exception):
    """The key that signed a token is unknown, or not endorsed for Teams."""


@dataclass(frozen=True, slots=True)
class _Key:
    key: jwt.PyJWK
    endorsements: tuple[str, ...]


class Keys:
    """Signing keys by id, for any number of threads."""

    def __init__(
        self,
        http: httpx.Client,
        now: Callable[[], dt.datetime],
        metadata_url: str = METADATA,
    ) -> None:
        self._http = http
        self._now = now
        self._metadata_url = metadata_url
        self._lock = threading.Lock()
        self._keys: dict[str, _Key] = {}
        self._fetched: dt.datetime | None = None
        self._tried: dt.datetime | None = None

    def for_teams(self, kid: str) -> jwt.PyJWK:
        """Return the key; fetch the list again where the key is unknown or the list is a day old.

        Raises:
            UntrustedKey: there is no such key, or it is not endorsed for Teams.
        """
        if kid not in self._keys or self._is_old():
            # Only a caller without any known key waits for the list.
            with self._lock:
                if kid not in self._keys or self._is_old():
                    self._renew()
        found = self._keys.get(kid)
        if found is None or (found.endorsements and CHANNEL not in found.endorsements):
            raise UntrustedKey
        return found.key

    def get_signing_key_from_jwt(self, token: str) -> jwt.PyJWK:
        """Return the key to the SDK, which would otherwise fetch it within the event loop and delay
        all other requests. The verifier has always fetched the key before.

        Raises ``InvalidTokenError`` where the key is unknown.
        """
        found = self._keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if found is None:
            raise jwt.InvalidTokenError("an unknown key")
        return found.key

    def _is_old(self) -> bool:
        return self._fetched is None or self._now() - self._fetched > OLDEST

    def _renew(self) -> None:
        now = self._now()
        if self._tried and now - self._tried < PAUSE:
            return
        self._tried = now
        try:
            self._keys = self._fetch()
        except GOES_THROUGH:
            raise
        # Whatever is wrong there: the known keys stay valid until they can be fetched.
        except Exception as error:  # noqa: BLE001
            log_failure("signing keys not renewed", error)
        else:
            self._fetched = now

    def _fetch(self) -> dict[str, _Key]:
        metadata = self._get(self._metadata_url)
        where = str(metadata["jwks_uri"])
        if urlsplit(where)[:2] != urlsplit(self._metadata_url)[:2]:
            raise UntrustedKey
        keys = {}
        for each in self._get(where)["keys"]:
            if each.get("kty") == "RSA" and each.get("use", "sig") == "sig":
                endorsed = tuple(str(name) for name in each.get("endorsements", ()))
                keys[str(each["kid"])] = _Key(jwt.PyJWK(each, "RS256"), endorsed)
        return keys

    def _get(self, url: str) -> dict[str, Any]:
        response = self._http.get(url, timeout=10, follow_redirects=False)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

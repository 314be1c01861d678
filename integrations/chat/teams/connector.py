"""Requests to Teams' connector: authenticated, rate-limited, retried as Microsoft asks.

This uses the Bot Framework's REST API with httpx rather than the SDK: a ``Workspace`` is called
from the worker's threads, while the SDK is asynchronous, has no time-outs, retries or rate limit,
and would send its token to any service URL. With one small client, all of these hold in one place.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from integrations.chat.interface import DeliveryError
from integrations.chat.rate_limit import RateLimit
from integrations.chat.teams.allowed_hosts import service_url_of
from integrations.chat.teams.errors import AGAIN, error_of
from integrations.error_summary import unreachable
from integrations.rate_limit import Now, Sleep
from integrations.retries import NOT_SENT, backoff, retry_after
from integrations.service_error import ServiceError

TRIES = 4
LIMITS = tuple(
    (number, dt.timedelta(seconds=seconds))
    for number, seconds in ((7, 1), (8, 2), (60, 30), (1800, 3600))
)
"""Limits on one bot's messages in a conversation
(learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit)."""
TIMEOUT = httpx.Timeout(20, connect=5)
"""Seconds."""


class Bearers(Protocol):
    """Provides access tokens, such as ``integrations.mail.graph.tokens.Tokens``."""

    def token(self) -> str:
        """Return an access token, from memory while it is valid."""

    def renew(self, refused: str) -> None:
        """Forget the token that Teams refused, so that the next call fetches another."""


class Connector:
    """The client of one bot for Teams. Thread-safe.

    Requests go only to ``hosts``. ``tokens`` None: the playground, over plain http on this machine,
    without a token.
    """

    def __init__(
        self,
        hosts: tuple[str, ...],
        tokens: Bearers | None,
        *,
        now: Now,
        sleep: Sleep,
        http: httpx.Client | None = None,
    ) -> None:
        self._hosts = hosts
        self._tokens = tokens
        self._now = now
        self._sleep = sleep
        self._pace = RateLimit(LIMITS, now, sleep)
        # Redirects are not followed: one could send the token to another host.
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._chance = random.Random()  # noqa: S311 -- jitter, not cryptography

    def sign_in(self) -> None:
        """Get a token, if there is none yet. Raises ``DeliveryError``."""
        self.token()

    def ask(
        self,
        method: str,
        service_url: str,
        path: str,
        *,
        conversation: str = "",
        json: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Make a request and return its response; ``conversation`` is subject to the rate limit.

        Raises:
            DeliveryError: after four tries, or at once where trying again would not help.
                ``unknown`` where the message may have been posted.
        """
        base = service_url_of(service_url, self._hosts, insecure=self._tokens is None)
        if base is None:
            raise DeliveryError(
                "the service URL is not on the list of hosts; add its host to TEAMS_SERVICE_HOSTS",
                waits=True,
            )
        request = self._http.build_request(method, f"{base}/{path}", json=json)
        creates = method == "POST"
        for attempt in range(TRIES):
            is_last = attempt == TRIES - 1
            self._pace.take_turn(conversation)
            bearer = self._sign(request)
            response = self._exchange(request, creates=creates, is_last=is_last)
            if response is None:
                self._sleep(backoff(attempt, self._chance).total_seconds())
                continue
            if response.is_success:
                return _object(response, needed=creates)
            asked = retry_after(response.headers.get("Retry-After"), self._now())
            error = error_of(response, creates=creates, retry_after=asked)
            if is_last or error.status not in {401, *AGAIN}:
                raise error
            if error.status == 401 and self._tokens:
                self._tokens.renew(bearer)
            else:
                self._pace.close(conversation, asked or backoff(attempt, self._chance))
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Close all connections to Microsoft Teams."""
        self._http.close()

    def _sign(self, request: httpx.Request) -> str:
        bearer = self.token()
        if bearer:
            request.headers["Authorization"] = f"Bearer {bearer}"
        return bearer

    def token(self) -> str:
        """Return the current access token; "" in the playground. Raises ``DeliveryError``."""
        if self._tokens is None:
            return ""
        try:
            return self._tokens.token()
        except ServiceError as error:
            wait = error.retry_after
            throttled = wait is not None
            raise DeliveryError(
                str(error), waits=error.waits, away=True, retry_after=wait, throttled=throttled
            ) from None

    def _exchange(
        self, request: httpx.Request, *, creates: bool, is_last: bool
    ) -> httpx.Response | None:
        """Return the response; None where there was none and the request may be retried."""
        try:
            return self._http.send(request, follow_redirects=False)
        except NOT_SENT as error:
            if is_last:
                said = unreachable("Microsoft Teams", error)
                raise DeliveryError(f"{said}. Lantern tries again by itself", away=True) from None
        except httpx.HTTPError as error:
            if is_last or creates:
                raise DeliveryError(
                    f"no answer from Microsoft Teams: {type(error).__name__}; Lantern looks again "
                    "by itself",
                    unknown=creates,
                ) from None
        return None


def _object(response: httpx.Response, *, needed: bool) -> dict[str, Any]:
    try:
        found = response.json() if response.content else {}
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if needed:
        raise DeliveryError(
            "Microsoft Teams sent a response that Lantern cannot read; it tries again by itself",
            unknown=True,
        )
    return {}

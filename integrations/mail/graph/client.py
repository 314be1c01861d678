"""Requests to Microsoft Graph: authenticated, rate-limited, retried only where that is safe."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from integrations.error_summary import unreachable
from integrations.mail.graph.errors import NO_SENSE, error_of
from integrations.mail.graph.rate_limit import Gate
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import GoingOut, MailError, unnoted
from integrations.rate_limit import LONGEST_NAP, Now, Sleep
from integrations.retries import NOT_SENT, backoff, retry_after

TRIES = 3
TIMEOUT = httpx.Timeout(20, connect=5)
"""Seconds. Three tries stay within the lease of an outbox row."""

IMMUTABLE_IDS = 'IdType="ImmutableId"'
"""Without this header a message gets another id when it moves to Sent Items."""


class GraphClient:
    """The client of one account for Graph. Thread-safe."""

    def __init__(
        self, url: str, tokens: Tokens, *, now: Now, sleep: Sleep, http: httpx.Client | None = None
    ) -> None:
        # httpx logs every URL, and Graph's contain email addresses. Set for every client, since
        # other libraries change these levels too.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.url = url
        self._tokens = tokens
        self._now = now
        self._sleep = sleep
        self._gate = Gate(now, sleep)
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._chance = random.Random()  # noqa: S311 -- jitter, not cryptography

    def sign_in(self) -> None:
        """Get a token, if there is none yet.

        Raises:
            MailError: the sign-in service cannot be reached, or does not know Lantern.
        """
        self._tokens.token()

    def get(
        self, mailbox: str, path: str, params: Mapping[str, str] | None = None, prefer: str = ""
    ) -> dict[str, Any]:
        """Read something in a mailbox; ``path`` is relative to it, or a complete link from Graph.

        Raises:
            MailError: after three tries, or at once where trying again would not help.
        """
        return _object(self._request("GET", mailbox, path, params=params, prefer=prefer))

    def post(
        self, mailbox: str, path: str, json: Any = None, *, going_out: GoingOut = unnoted
    ) -> dict[str, Any]:
        """Make a changing request; it is retried only where it certainly had no effect.

        Waiting for the mailbox's turn can take longer than the caller's lease, so ``going_out`` is
        called after the wait.

        Raises:
            MailError: ``unknown`` where the request may have had its effect.
        """
        response = self._request("POST", mailbox, path, json=json, going_out=going_out)
        return _object(response) if response.content else {}

    def delete(self, mailbox: str, path: str) -> None:
        """Delete the item at this path of the mailbox, permanently."""
        self._request("DELETE", mailbox, path)

    def close(self) -> None:
        """Close the connections to Microsoft Graph."""
        self._http.close()

    def _request(
        self,
        method: str,
        mailbox: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        prefer: str = "",
        going_out: GoingOut = unnoted,
    ) -> httpx.Response:
        request = self._http.build_request(
            method,
            self.address(mailbox, path),
            params=params,
            json=json,
            headers={"Prefer": f"{IMMUTABLE_IDS}, {prefer}".rstrip(", ")},
        )
        changes = method != "GET"
        for attempt in range(TRIES):
            is_last = attempt == TRIES - 1
            token = self._tokens.token()
            request.headers["Authorization"] = f"Bearer {token}"
            with self._gate.enter(mailbox):
                going_out()
                response = self._exchange(request, changes=changes, is_last=is_last)
            if response is None:
                self._sleep(backoff(attempt, self._chance).total_seconds())
                continue
            if response.is_success:
                return response
            asked = retry_after(response.headers.get("Retry-After"), self._now())
            error = error_of(response, changes=changes, retry_after=asked)
            if error.permanent or error.unknown or is_last:
                raise error
            if error.waits and error.status != 401:
                raise error
            if error.status == 401:
                self._tokens.renew(token)
            else:
                pause = asked or backoff(attempt, self._chance)
                self._gate.close(mailbox, pause)
                if pause > LONGEST_NAP:
                    # The rate limit would only report that it is not this email's turn, and staff
                    # would never hear of the pause, however long it lasts.
                    raise error
        raise AssertionError("the last try returns or raises")

    def _exchange(
        self, request: httpx.Request, *, changes: bool, is_last: bool
    ) -> httpx.Response | None:
        """Return the response; None where there was none and the request may be retried."""
        try:
            return self._http.send(request)
        except NOT_SENT as error:
            if is_last:
                said = unreachable("Microsoft Graph", error, "GRAPH_URL")
                raise MailError(f"{said}. Lantern tries again by itself.", away=True) from None
        except httpx.HTTPError as error:
            if is_last or changes:
                raise MailError(
                    f"No answer from Microsoft Graph: {type(error).__name__}; Lantern looks again "
                    "by itself.",
                    unknown=changes,
                ) from None
        return None

    def address(self, mailbox: str, path: str) -> str:
        """Return the address of something in a mailbox; a complete link to Graph stays as it is.

        A path that begins with ``/`` is Graph's own rather than a mailbox's.
        """
        # Links from Graph are followed with our token, so they have to lead to Graph.
        if path.startswith(f"{self.url}/"):
            return path
        if path.startswith("/"):
            return f"{self.url}{path}"
        return f"{self.url}/users/{quote(mailbox, safe='@')}/{path}"


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise MailError(NO_SENSE, unknown=True)
    return found

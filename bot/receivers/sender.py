"""What every receiver asks of a request: a key of a source, a body of bounded size, JSON."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from integrations.bootstrap import Services
from integrations.fault_log import log_failure
from integrations.feeds.inbox import Inbox, Kind, NoRoom

LARGEST = 8 << 20
"""Bytes of one request."""
AT_ONCE = 8
"""Requests whose bodies are in memory at the same time."""

NO_KEY = "Send the key of the source in FEED_KEYS as a bearer token."
TOO_LARGE = f"Send at most {LARGEST >> 20} MB in one request."
NOT_JSON = "Send JSON, with the content type application/json."
NO_SENSE = "The body is not well-formed JSON."
NO_ROOM = "There is no room for more at the moment. Send it again later."
BUSY = "Too much arrives at once. Send it again in a few seconds."

log = structlog.get_logger(__name__)


class RefusedRequest(Exception):
    """A request is not taken. It holds the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def refused_request(
    status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> RefusedRequest:
    """Make a refusal with a sentence for the person who runs the sender."""
    return RefusedRequest(PlainTextResponse(f"{sentence}\n", status_code=status, headers=headers))


class Receiver:
    """Takes requests of known sources, one standard after the other, into the inbox."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._inbox = Inbox(services.settings.home, services.store.seal)
        self._reading = 0

    def source_of(self, request: Request) -> str:
        """Return the source whose key was sent: as a bearer token, or as a password.

        Raises ``RefusedRequest``. Every key is compared, so that the time says nothing.
        """
        given = _key_of(request.headers.get("authorization", ""))
        keys = self._services.settings.keys_of_senders
        found = [
            source
            for source, key in keys.items()
            if hmac.compare_digest(given.encode(), key.encode())
        ]
        if not given or not found:
            challenge = {"WWW-Authenticate": 'Bearer, Basic realm="Lantern"'}
            raise refused_request(401, NO_KEY, challenge)
        return found[0]

    async def json_of(self, request: Request) -> Any:
        """Read the body. Raises ``RefusedRequest`` where it is too large, or no JSON."""
        content, _, _ = request.headers.get("content-type", "").partition(";")
        if content.strip().casefold() != "application/json" or request.headers.get(
            "content-encoding", "identity"
        ) not in ("", "identity"):
            raise refused_request(415, NOT_JSON)
        if _length(request) > LARGEST:
            raise refused_request(413, TOO_LARGE)
        if self._reading >= AT_ONCE:
            raise refused_request(503, BUSY, {"Retry-After": "5"})
        self._reading += 1
        try:
            read = bytearray()
            async for chunk in request.stream():
                read += chunk
                if len(read) > LARGEST:
                    raise refused_request(413, TOO_LARGE)
            return await run_in_threadpool(json.loads, bytes(read))
        except (ValueError, RecursionError):
            raise refused_request(400, NO_SENSE) from None
        finally:
            self._reading -= 1

    async def keep(self, source: str, kind: Kind, values: Sequence[Any]) -> None:
        """Keep what was sent.

        Raises ``RefusedRequest`` where it cannot be kept: it is sent again. Raises
        ``ChangedStatement`` for a statement with the id of another one.
        """
        try:
            await run_in_threadpool(self._inbox.put, source, kind, values, self._services.now())
        except NoRoom:
            log.warning("received nothing", source=source, reason="the disk is nearly full")
            raise refused_request(503, NO_ROOM, {"Retry-After": "600"}) from None
        except (OSError, sqlite3.Error) as error:
            log_failure("request not kept", error)
            raise refused_request(503, NO_ROOM, {"Retry-After": "600"}) from None


def _key_of(authorization: str) -> str:
    scheme, _, given = authorization.strip().partition(" ")
    if scheme.casefold() == "bearer":
        return given.strip()
    if scheme.casefold() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _length(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() else 0

"""The HTTP server's settings, and its limits of size and time for each request."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 10.0
"""Seconds for the line and headers of a request, once its connection is open."""
WHOLE_WITHIN = 120.0
"""Seconds for a whole request: enough for a document of 10 MB from a slow phone."""
KEEPS_OPEN = 75
"""Seconds for which an idle connection stays open: longer than a proxy keeps it. Where this side
closes first, a click that is just under way on it is lost."""
LARGEST_HEADERS = 16 * 1024
"""Bytes of a request's line and headers."""


def server_config(app: ASGIApp, proxies: str = "127.0.0.1", **more: Any) -> uvicorn.Config:
    """Return the configuration of a server for the application.

    ``proxies`` are the addresses or networks, separated by commas, whose word on where a request
    comes from is taken. From any other, it is the address of the connection.
    """
    return uvicorn.Config(
        app,
        forwarded_allow_ips=proxies,
        http=TimedRequests,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        # It would name the program to those who look for a version with a fault.
        server_header=False,
        log_config=None,
        # Requests name no one, but an access log is a record of who looked when.
        access_log=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEPS_OPEN,
        **more,
    )


class TimedRequests(H11Protocol):
    """Ends a connection whose request comes too slowly: a few hundred such connections would
    otherwise hold all that a server may have open."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(HEADERS_WITHIN)

    def data_received(self, data: bytes) -> None:
        """Read on, and wait for what is missing of the request."""
        before = self.conn.their_state
        if before is h11.IDLE and self._late is None:
            self._wait(HEADERS_WITHIN)
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            if before is h11.IDLE:
                self._wait(WHOLE_WITHIN)
        elif self.conn.their_state is not h11.IDLE or before is h11.SEND_BODY:
            self._wait(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer of a connection that has ended."""
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.close()

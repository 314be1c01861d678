"""Keep Slack's socket open, without delaying the start or end of the application.

The SDK retries for ever without a message, and the application would start, or end, only once the
socket is open. So it connects beside the application, ends with it, and is monitored. One that
stays closed is given up for a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

LOOK_EVERY = 15.0
"""Seconds."""

LOOKS_CLOSED = 12
"""After this many checks in a row that find the socket closed, a new one is opened: by then the SDK
has retried and may be stuck, for example with a session that it closed and still uses."""

CLOSES_IN = 10.0
"""Seconds that the old socket may take to close."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def socket_open(
    app: AsyncApp, app_token: str, look_every: float = LOOK_EVERY
) -> AsyncIterator[None]:
    """Connect, and stay connected while the block runs."""
    task = asyncio.create_task(_stay_connected(app, app_token, look_every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _stay_connected(app: AsyncApp, app_token: str, look_every: float) -> None:
    """Open one socket after another, each until it stays closed."""
    was_open = True
    while True:
        handler = AsyncSocketModeHandler(app, app_token, web_client=app.client)
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            was_open = await _watch(handler, look_every, was_open=was_open)
        finally:
            await _end(handler, connecting)


async def _end(handler: AsyncSocketModeHandler, connecting: asyncio.Task[None]) -> None:
    # A connection that fails sleeps and tries again, even after it is closed.
    connecting.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(handler.close_async(), CLOSES_IN)  # type: ignore[no-untyped-call]
    with suppress(asyncio.CancelledError):
        await connecting


async def _watch(handler: AsyncSocketModeHandler, look_every: float, *, was_open: bool) -> bool:
    """Log once that the socket is closed, and once that it is open again.

    Ends when it has been closed for too long. Returns whether it was open at the last check.
    """
    closed = 0
    while closed < LOOKS_CLOSED:
        await asyncio.sleep(look_every)
        is_open = await handler.client.is_connected()
        if was_open and not is_open:
            log.error("Slack's socket is not open; lantern doctor slack says why")
        if is_open and not was_open:
            log.warning("Slack's socket is open again")
        was_open = is_open
        closed = 0 if is_open else closed + 1
    return was_open

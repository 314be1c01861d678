"""Keep Slack's socket open, without delaying the start or end of the application.

The SDK retries for ever without a message, and the application would start, or end, only once the
socket is open. So it connects beside the application, ends with it, and is monitored.
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

log = structlog.get_logger(__name__)


@asynccontextmanager
async def socket_open(
    app: AsyncApp, app_token: str, look_every: float = LOOK_EVERY
) -> AsyncIterator[None]:
    """Connect, and stay connected while the block runs."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=app.client)
    tasks = [
        asyncio.create_task(handler.connect_async()),  # type: ignore[no-untyped-call]
        asyncio.create_task(_watch(handler, look_every)),
    ]
    try:
        yield
    finally:
        # A connection that fails sleeps and tries again, even after it is closed.
        for task in tasks:
            task.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _watch(handler: AsyncSocketModeHandler, look_every: float) -> None:
    """Log once that the socket is not open, and once that it is open again."""
    was_open = True
    while True:
        await asyncio.sleep(look_every)
        is_open = await handler.client.is_connected()
        if was_open and not is_open:
            log.error("Slack's socket is not open; lantern doctor slack says why")
        if is_open and not was_open:
            log.warning("Slack's socket is open again")
        was_open = is_open

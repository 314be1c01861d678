"""Live updates: a stream of server-sent events that says when something has changed.

An event carries only the workspace's revision. The page then loads itself again, so messages are
rendered in one way, and one place decides who sees them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.backend import Backend
from bot.sandbox.shutdown import Stopping

POLL_SECONDS = 0.3
HEARTBEAT_SECONDS = 15.0
"""Seconds between signs of life: without one, a proxy closes the stream."""


class Events:
    """The stream ``GET /sandbox/events``, which tells open pages that something changed."""

    def __init__(self, backend: Backend, stopping: Stopping) -> None:
        self._revision = backend.workspace.revision
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """Return the one route of the stream."""
        return [Route("/sandbox/events", self.stream)]

    async def stream(self, _request: Request) -> Response:
        """Send the current revision at once, and each new one as it comes."""
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._lines(), headers=headers, media_type="text/event-stream")

    async def _lines(self) -> AsyncIterator[str]:
        seen, spoke = -1, monotonic()
        while not self._stopping.is_asked:
            revision = await run_in_threadpool(self._revision)
            if revision != seen:
                seen, spoke = revision, monotonic()
                yield f"data: {revision}\n\n"
            elif monotonic() - spoke > HEARTBEAT_SECONDS:
                spoke = monotonic()
                yield ": still here\n\n"
            await asyncio.sleep(POLL_SECONDS)

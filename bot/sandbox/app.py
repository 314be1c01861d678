"""The sandbox as an ASGI application, which ``bot.app`` mounts at the root.

``create`` adds the security middleware, so that the pages cannot be mounted without it. A mounted
application does not get the server's lifespan events, so the caller passes ``Stopping`` and
listens to the signals with it; ``standalone`` shows how.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.sandbox.backend import Backend
from bot.sandbox.channel_pages import ChannelPages
from bot.sandbox.live_updates import Events
from bot.sandbox.outbox_pages import OtherPages
from bot.sandbox.page_frame import HERE, Pages
from bot.sandbox.request_security import sandbox_middleware
from bot.sandbox.shutdown import Stopping
from bot.sandbox.training_pages import RoomPages
from store.rules.errors import CaseworkError


def sandbox_routes(pages: Pages, stopping: Stopping) -> list[BaseRoute]:
    """List every address of the sandbox."""
    return [
        *ChannelPages(pages).routes(),
        *OtherPages(pages).routes(),
        *RoomPages(pages).routes(),
        *Events(pages.backend, stopping).routes(),
        Mount("/sandbox/static", StaticFiles(directory=HERE / "static")),
    ]


def create(backend: Backend, stopping: Stopping) -> Starlette:
    """Build the sandbox's application, which ``bot.app`` mounts under ``/sandbox``."""
    pages = Pages(backend)
    return Starlette(
        routes=sandbox_routes(pages, stopping),
        middleware=sandbox_middleware(),
        exception_handlers={
            HTTPException: pages.sorry,
            CaseworkError: pages.sorry,
            Exception: pages.broken,
        },
    )


def standalone(backend: Backend, stopping: Stopping | None = None) -> Starlette:
    """Build the sandbox as a server's whole application."""
    stop = stopping or Stopping()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with stop.on_signals():
            yield

    return Starlette(routes=[Mount("/", create(backend, stop))], lifespan=lifespan)

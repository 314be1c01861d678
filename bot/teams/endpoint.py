"""The endpoint /teams/messages: verify each activity, pass it on once, and answer 200.

Teams stops delivering to a bot that answers 5xx. An authentic activity that is not understood, or
fails, is answered with 200 all the same.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.teams.inbound_request import ARRIVED, InboundRequest, part
from bot.teams.request_verifier import Foreign, RequestVerifier, Unauthentic
from bot.teams.responses import private_line, told
from integrations.fault_log import REPEATS
from store.actions.request import AlreadyDone, once
from store.db.unit_of_work import Store
from store.platforms import teams
from store.rules.model import Platform

LARGEST = 512 * 1024
"""Bytes. Teams sends 28 KB of text and what its envelope takes."""
SORRY = "Something went wrong and nothing was changed. Try again."

log = structlog.get_logger(__name__)

Handler = Callable[[Any], Awaitable[Any]]
"""The SDK's own: ``body`` and ``headers`` in, ``status`` and ``body`` out."""


class Adapter:
    """Stands in for the SDK's web server: it keeps the handler, and the endpoint calls it."""

    def __init__(self) -> None:
        self.handler: Handler | None = None

    def register_route(self, method: str, path: str, handler: Handler) -> None:
        """Remember the handler of the SDK's only route, for ``bot.app`` to mount."""
        del method, path
        self.handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Ignore the SDK's pages: Lantern serves none in Teams."""

    async def start(self, port: int) -> None:
        """Do nothing: Lantern's own server is running."""

    async def stop(self) -> None:
        """Do nothing: the web process stops the server."""


class Endpoint:
    """The ASGI endpoint for Teams. ``start`` prepares the SDK, before the first activity."""

    def __init__(
        self, store: Store, gate: RequestVerifier, adapter: Adapter, start: Handler
    ) -> None:
        self._store = store
        self._gate = gate
        self._adapter = adapter
        self._start = start

    async def __call__(self, request: Request) -> Response:
        """Handle one activity."""
        body = await _read(request)
        if body is None:
            return JSONResponse({"error": "not an activity"}, status_code=400)
        authorization = request.headers.get("authorization", "")
        try:
            arrived = await run_in_threadpool(self._admit, authorization, body)
        except Unauthentic as error:
            if REPEATS.times(("activity refused", str(error))):
                log.warning("activity refused", reason=str(error))
            return JSONResponse({"error": "unauthorized"}, status_code=401)
        except Foreign:
            return JSONResponse({"error": "forbidden"}, status_code=403)
        except AlreadyDone:
            return JSONResponse({})
        return await self._pass_on(arrived, body, authorization)

    def _admit(self, authorization: str, body: Mapping[str, Any]) -> InboundRequest:
        try:
            arrived, url = self._gate.admit(authorization, body)
        except Foreign:
            with self._store.unit_of_work() as work:
                subject = f"platform:{Platform.TEAMS}"
                work.record("stranger", "refused", subject, wanted="anything", why="tenant")
            raise
        teams.remember_service_url(self._store, arrived.tenant, url)
        if arrived.acts:
            with self._store.unit_of_work() as work:
                once(work, f"{arrived.key}:seen")
        return arrived

    async def _pass_on(
        self, arrived: InboundRequest, body: Mapping[str, Any], authorization: str
    ) -> Response:
        await self._start(None)
        assert self._adapter.handler is not None  # noqa: S101 -- registered by the start above
        token = ARRIVED.set(arrived)
        try:
            request = {"body": _digestible(body), "headers": {"authorization": authorization}}
            answer = await self._adapter.handler(request)
        finally:
            ARRIVED.reset(token)
        status, content = answer["status"], answer["body"]
        if status == 401:
            return JSONResponse({"error": "unauthorized"}, status_code=401)
        if status != 200:
            # The SDK gives the same status for what it does not know: a new kind of activity is no
            # failure of ours. What fails in a listener has been logged there.
            log.warning("activity not understood", activity=arrived.kind[:60], status=status)
            content = _apology(arrived)
        return JSONResponse({} if content is None else content)


async def _read(request: Request) -> dict[str, Any] | None:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST:
            return None
    try:
        body = json.loads(bytes(read))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _digestible(body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace ``trigger``: the SDK accepts only "manual" and refuses Teams' automatic refresh."""
    value = part(body, "value")
    if "trigger" not in value:
        return dict(body)
    return {**body, "value": {key: each for key, each in value.items() if key != "trigger"}}


def _apology(arrived: InboundRequest) -> dict[str, Any]:
    if arrived.kind == "adaptiveCard/action":
        return private_line(SORRY)
    return told(SORRY) if arrived.kind in ("task/fetch", "task/submit") else {}

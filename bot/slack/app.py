"""Lantern in Slack: bolt, its listeners, and the HTTP and socket connections."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.posting.channel_privacy import Watch
from bot.slack.gateway import Gateway
from bot.slack.listeners import FORM_PATIENCE, PATIENCE, Listeners
from bot.slack.oauth import install_flow
from bot.slack.routes import EVENTS, INSTALL, INSTALLED
from bot.slack.socket_mode import socket_open
from integrations.activity.lookups import lookups
from integrations.bootstrap import Services
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from store.rules.model import Platform

Endpoint = Callable[[Request], Awaitable[Response]]

LARGEST = 1024 * 1024
"""Bytes. A form with every field filled in is a quarter of it."""

NOT_ADDED = "Slack did not answer, so Lantern was not added. Begin again in a few minutes."


class SlackPlugin:
    """One bolt application, reached over HTTP or over a socket that it opens itself."""

    def __init__(
        self,
        services: Services,
        workspace: SlackWorkspace,
        patience: float = PATIENCE,
        form_patience: float = FORM_PATIENCE,
    ) -> None:
        self._account = workspace.account
        installed = AuthorizeResult(enterprise_id=None, team_id=None)

        async def authorize() -> AuthorizeResult:
            """Authorize without a call to Slack, which waits meanwhile: listeners use their own
            client."""
            return installed

        # bolt and its client would log what a person said, at the levels below.
        quiet = logging.getLogger("lantern.slack")
        quiet.setLevel(logging.CRITICAL)
        self.app = AsyncApp(
            # Without a name, bolt looks for one in the source of every imported module.
            name="lantern",
            logger=quiet,
            signing_secret=self._account.signing_secret,
            client=AsyncWebClient(base_url=self._account.api_url, logger=quiet),
            authorize=authorize,
            # Authentication refuses bots; bolt would have to ask Slack for its own user.
            ignoring_self_events_enabled=False,
            # Our check comes first: bolt reads a body before it checks the signature. On a socket,
            # only Slack can be at the other end.
            request_verification_enabled=False,
        )
        gateway = Gateway(services.store, workspace, lookups(services))
        watch = Watch(services.store, workspace, Platform.SLACK)
        Listeners(gateway, watch, patience, form_patience).register(self.app)
        self.app.error(_failed)
        self._handler = AsyncSlackRequestHandler(self.app)
        self._flow = (
            install_flow(services.store, self._account, self.app.client, quiet)
            if self._account.client_id
            else None
        )

    @property
    def routes(self) -> list[Route]:
        """List the routes for Slack's requests (none with Socket Mode) and for adding Lantern."""
        found = [] if self._account.app_token else [Route(EVENTS, self._http, methods=["POST"])]
        if self._flow:
            adding = {
                INSTALL: self._flow.handle_installation,
                INSTALLED: self._flow.handle_callback,
            }
            found += [
                Route(path, _page(handle), methods=["GET"]) for path, handle in adding.items()
            ]
        return found

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold the socket open, where there is one."""
        if not self._account.app_token:
            yield
            return
        async with socket_open(self.app, self._account.app_token):
            yield

    async def _http(self, request: Request) -> Response:
        read = bytearray()
        async for chunk in request.stream():
            read += chunk
            if len(read) > LARGEST:
                return Response(status_code=413)
        if not self._is_signed(bytes(read), request.headers):
            return Response(status_code=401)
        whole = Request(request.scope, _once_more(bytes(read)))
        try:
            return await self._handler.handle(whole)
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- signed, but bolt cannot read it
            log_failure("slack request not read", error)
            return Response(status_code=400)

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        try:
            verifier = SignatureVerifier(self._account.signing_secret)
            return verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError):  # no number, no text, or no ASCII
            return False


def _page(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Endpoint:
    async def page(request: Request) -> Response:
        try:
            return to_starlette_response(await handle(to_async_bolt_request(request, b"")))
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- its text may quote what Slack gave
            log_failure("slack not added", error)
            return PlainTextResponse(NOT_ADDED, status_code=503)

    return page


def _once_more(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _failed(error: Exception) -> BoltResponse:
    log_failure("slack request failed", error)
    return BoltResponse(status=200, body="")

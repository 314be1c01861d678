"""Lantern in Microsoft Teams: the SDK, its listeners, and the endpoint in front of them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.routing import Route

from bot.posting.channel_privacy import Watch
from bot.teams import sdk
from bot.teams.endpoint import Adapter, Endpoint
from bot.teams.gateway import Gateway
from bot.teams.listeners import Listeners
from bot.teams.request_verifier import RequestVerifier
from bot.teams.signing_keys import Keys
from integrations.activity.lookups import lookups
from integrations.bootstrap import Services, utc_now
from integrations.chat.teams.workspace import TeamsWorkspace
from store.rules.model import Platform

PATH = "/teams/messages"


def teams_route(
    services: Services,
    workspace: TeamsWorkspace,
    http: httpx.Client | None = None,
) -> Route:
    """Build the route for Teams' activities. ``http`` fetches the signing keys."""
    keys = Keys(http or httpx.Client(), utc_now)
    adapter = Adapter()
    gateway = Gateway(services.store, workspace, lookups(services))
    watch = Watch(services.store, workspace, Platform.TEAMS)
    listeners = Listeners(gateway, watch)
    starting = _Starting(workspace, adapter, keys, listeners)
    gate = RequestVerifier(workspace.account, keys)
    endpoint = Endpoint(services.store, gate, adapter, starting)
    return Route(PATH, endpoint.__call__, methods=["POST"])


class _Starting:
    """Creates the SDK's application once, at the first activity: importing it takes most of a
    second, which no other process of Lantern needs to spend."""

    def __init__(
        self, workspace: TeamsWorkspace, adapter: Adapter, keys: Keys, listeners: Listeners
    ) -> None:
        self._workspace = workspace
        self._adapter = adapter
        self._keys = keys
        self._listeners = listeners
        self._lock = asyncio.Lock()

    async def __call__(self, _request: Any = None) -> None:
        """Make sure that the application is ready."""
        async with self._lock:
            if self._adapter.handler is None:
                await self._start(await asyncio.to_thread(sdk.load_sdk))

    async def _start(self, package: Any) -> None:
        account = self._workspace.account
        from microsoft_teams.api.auth.cloud_environment import PUBLIC

        app = package.App(
            client_id=account.client_id,
            tenant_id=account.tenants[0],
            token=lambda _scope, _tenant: self._workspace.connector.token(),
            http_server_adapter=self._adapter,
            messaging_endpoint=PATH,
            cloud=PUBLIC,
            dangerously_allow_unauthenticated_requests=account.is_playground,
            fetch_user_token=False,
            telemetry={"agent365": False},
        )
        self._listeners.register(app)
        await app.initialize()
        if not account.is_playground:
            # The SDK's own list of keys is fetched within the event loop; ours never is.
            app.server._token_validator._service_validator._jwks_client = self._keys

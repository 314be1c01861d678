"""Socket Mode: Lantern opens a socket to Slack and accepts no incoming connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import WSMsgType, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.slack import socket_mode
from bot.slack.app import SlackPlugin
from integrations.chat.slack.workspace import SlackWorkspace
from store.rules.model import Platform
from tests.bot.slack.campus import SlackCampus, slack_campus_in
from tests.fakes.slack.records import APP_TOKEN


def test_a_command_over_the_socket_is_acknowledged_and_answered(tmp_path: Path) -> None:
    with slack_campus_in(tmp_path / "home") as campus:
        campus.office.world.open_case("dana")

        acknowledged = asyncio.run(_says(campus, "alice", "today"))

        assert acknowledged == {"envelope_id": "one"}
        assert "LANG-1" in campus.told()


@pytest.mark.parametrize("secret", ["", "a signing secret"])
def test_there_is_no_address_to_send_forged_requests_to(tmp_path: Path, secret: str) -> None:
    with slack_campus_in(tmp_path / "home") as campus:
        assert _side(campus, secret).routes == []


def test_a_socket_that_the_sdk_cannot_open_any_more_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK's session was closed elsewhere: it retries for ever, and each retry fails."""
    monkeypatch.setattr(socket_mode, "LOOKS_CLOSED", 2)
    monkeypatch.setattr(socket_mode, "LOOK_EVERY", 0.1)
    made: list[AsyncSocketModeHandler] = []

    class Handler(AsyncSocketModeHandler):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(socket_mode, "AsyncSocketModeHandler", Handler)

    async def run(campus: SlackCampus) -> None:
        plugin = _side(campus)
        async with _socket({"type": "hello"}) as (url, _):
            campus.slack.socket = "ws://127.0.0.1:1/"
            async with socket_mode.socket_open(plugin.app, APP_TOKEN, 0.1):
                while not made:
                    await asyncio.sleep(0.02)
                await made[0].client.aiohttp_client_session.close()
                campus.slack.socket = url
                while len(made) < 2 or not await made[-1].client.is_connected():
                    await asyncio.sleep(0.05)
        assert all(each.client.closed for each in made)

    with slack_campus_in(tmp_path / "home") as campus:
        asyncio.run(asyncio.wait_for(run(campus), 60))


def _side(campus: SlackCampus, secret: str = "") -> SlackPlugin:
    services, workspace = campus.office.services, campus.workspace
    account = replace(workspace.account, app_token=APP_TOKEN, signing_secret=secret)
    clock = campus.office.clock
    over_socket = SlackWorkspace(account, services.store, now=clock, sleep=lambda _: None)
    services = replace(services, workspaces={Platform.SLACK: over_socket})
    return SlackPlugin(services, over_socket)


async def _says(campus: SlackCampus, name: str, line: str) -> object:
    body = {key: values[0] for key, values in parse_qs(campus.command(name, line)).items()}
    async with _socket({"envelope_id": "one", "type": "slash_commands", "payload": body}) as heard:
        url, acknowledged = heard
        campus.slack.socket = url
        async with _side(campus).running():
            answer = await asyncio.wait_for(acknowledged, timeout=60)
            while not campus.slack.ephemerals:
                await asyncio.sleep(0.02)
    return answer


@asynccontextmanager
async def _socket(envelope: object) -> AsyncIterator[tuple[str, asyncio.Future[object]]]:
    """Act as Slack's end: deliver one envelope, and receive the reply."""
    acknowledged: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def speak(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        await socket.send_json(envelope)
        async for message in socket:
            if message.type is WSMsgType.TEXT and not acknowledged.done():
                acknowledged.set_result(json.loads(message.data))
        return socket

    app = web.Application()
    app.router.add_get("/", speak)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/", acknowledged
    finally:
        await runner.cleanup()

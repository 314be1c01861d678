"""Lantern in a Teams chat, on the prepared schools: what people type, press, open and send.

Every request is an activity that Microsoft would have signed; the platform is local.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.teams.app import teams_route
from integrations import bootstrap
from integrations.chat.teams.connector import Connector
from integrations.chat.teams.credentials import account_of
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.mail.graph.tokens import Tokens
from integrations.moved_clock import MovedClock
from integrations.settings import load_settings
from store.platforms.accounts import identify
from store.rules.model import Platform
from tests.bot.teams.cards import actions, fields
from tests.fakes.graph.entra import CLIENT, SECRET, TENANT, MsalRoute
from tests.fakes.teams import wire as teams_wire
from tests.fakes.teams.keys import claims_for
from tests.fakes.teams.service import SERVICE_URL, FakeTeams, TeamsPerson
from tests.policy.people import STAFF, address

Json = dict[str, Any]


@dataclass
class Teams:
    """The Teams side of the conversation."""

    fake: FakeTeams
    http: httpx.AsyncClient
    runner: asyncio.Runner
    people: dict[str, TeamsPerson]
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def types(self, name: str, line: str, *, signed: bool = True) -> str:
        """Type a line in the chat with Lantern; return the new messages."""
        who = self.people[name]
        chat = self.fake.direct(who)
        before = {each.id for each in self.fake.shown(chat)}
        said = {"type": "message", "text": line, "textFormat": "plain"}
        answer = self._delivers(name, said, signed=signed)
        if not signed:
            return str(answer.status_code)
        new = [each for each in self.fake.shown(chat) if each.id not in before]
        return json.dumps([each.activity for each in new], ensure_ascii=False, default=str)

    def card(self, name: str) -> Json:
        """Return the newest card in this person's chat."""
        return list(self.fake.shown(self.fake.direct(self.people[name])))[-1].card

    def opens(self, name: str, action: str, card: Json | None = None) -> Json:
        """Press the button for this action on a card, the newest by default; return the dialog."""
        carried = [each.get("data", {}) for each in actions(card or self.card(name))]
        found = [data for data in carried if data.get("action") == action]
        assert found, f"no button for {action} among {carried}"
        return self._invokes(name, "task/fetch", {"data": found[0], "context": {}})

    def sends(self, name: str, asked: Json, **typed: str) -> Json:
        """Fill in a dialog and send it; fields that are not typed keep their shown values."""
        card = asked["task"]["value"]["card"]["content"]
        data = dict(card["actions"][0]["data"])
        data |= {each["id"]: each["value"] for each in fields(card) if each.get("value")}
        data |= {f"field.{name}": value for name, value in typed.items()}
        return self._invokes(name, "task/submit", {"data": data, "context": {}})

    def _invokes(self, name: str, kind: str, value: Json) -> Json:
        answer = self._delivers(name, {"type": "invoke", "name": kind, "value": value})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def _delivers(self, name: str, parts: Json, *, signed: bool = True) -> httpx.Response:
        who = self.people[name]
        activity = {
            "id": f"f:{next(self._ids)}",
            "timestamp": "2026-11-23T09:30:00.000Z",
            "channelId": "msteams",
            "serviceUrl": SERVICE_URL,
            "from": {"id": who.mention, "name": who.name, "aadObjectId": who.user},
            "conversation": {
                "id": self.fake.direct(who),
                "tenantId": TENANT,
                "conversationType": "personal",
            },
            "recipient": {"id": f"28:{CLIENT}", "name": "Lantern"},
            "channelData": {"tenant": {"id": TENANT}},
            **parts,
        }
        token = self.fake.keys.token(claims_for(CLIENT, SERVICE_URL)) if signed else "e30.e30.e30"
        headers = {"Authorization": f"Bearer {token}"}
        asked = self.http.post("/teams/messages", content=json.dumps(activity), headers=headers)
        return self.runner.run(asked)


@contextmanager
def teams_in(home: Path) -> Iterator[Teams]:
    """Run Lantern in Teams on the prepared schools."""
    clock = MovedClock(home / "clock")
    with ExitStack() as stack:
        fake = FakeTeams(clock)
        wire = teams_wire.Rerouted(stack.enter_context(teams_wire.serving(fake)))
        http = stack.enter_context(httpx.Client(transport=wire))
        entra = MsalRoute(stack.enter_context(httpx.Client()), wire.base)
        account = account_of(
            load_settings(teams_client_id=CLIENT, teams_tenants=TENANT, teams_client_secret=SECRET)
        )
        assert account
        assert account.entra
        services = bootstrap.build(load_settings(home=home), now=clock)
        stack.callback(services.close)
        connector = Connector(
            account.hosts, Tokens(account.entra, entra), now=clock, sleep=lambda _: None, http=http
        )
        workspace = TeamsWorkspace(account, connector, services.store)
        services = replace(services, workspaces={Platform.TEAMS: workspace})
        people = {}
        for n, name in enumerate(STAFF):
            user = f"{n:08}-2222-3333-4444-555555555555"
            people[name] = TeamsPerson(user, address(name), name.title())
            fake.direct(people[name])
            identify(services.store, Platform.TEAMS, TENANT, address(name), user)
        runner = stack.enter_context(asyncio.Runner())
        transport = httpx.ASGITransport(Starlette(routes=[teams_route(services, workspace, http)]))
        client = httpx.AsyncClient(transport=transport, base_url="https://x.example")
        yield Teams(fake, client, runner, people)
